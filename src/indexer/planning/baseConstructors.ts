import { join } from "node:path";
import { ts } from "ts-morph";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { hiddenConstructor, parse } from "./classFacts.ts";

/** The nearest base class with a constructor, where that constructor is private or protected and the class has none of its own. */
export async function hiddenBaseConstructor(
  root: string,
  record: AgentRecord | undefined,
  readText: (path: string) => string | null | Promise<string | null>,
): Promise<{ owner: string; visibility: "private" | "protected" } | null> {
  if (record === undefined) return null;
  for (const { name, file_path } of [
    { name: record.name, file_path: record.file_path },
    ...record.base_chain,
  ]) {
    if (file_path === null) return null;
    const text = await readText(join(root, file_path));
    const declaration =
      text === null ? undefined : classesIn(parse(file_path, text)).find((c) => c.name?.text === name);
    if (declaration === undefined) return null;
    const visibility = hiddenConstructor(declaration);
    if (visibility !== null) return { owner: name, visibility };
    if (declaration.members.some(ts.isConstructorDeclaration)) return null;
  }
  return null;
}

function classesIn(source: ts.SourceFile): ts.ClassDeclaration[] {
  return source.statements.filter(ts.isClassDeclaration);
}
