import { join } from "node:path";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { hiddenConstructor, signatureCount } from "./constructors.ts";
import { heldClasses } from "./heldClasses.ts";
import type { ParsedFiles } from "./parsedFiles.ts";

export interface InheritedConstructor {
  /** The nearest base class that has one. */
  owner: string;
  visibility: "private" | "protected" | null;
  signatures: number;
}

/** The constructor that a class without one of its own has from a base of the workspace; null where none is found. */
export async function inheritedConstructor(
  root: string,
  record: AgentRecord,
  files: ParsedFiles,
): Promise<InheritedConstructor | null> {
  for (const { name, file_path } of record.base_chain) {
    if (file_path === null) return null;
    const source = await files.at(join(root, file_path));
    const held = source === null ? undefined : heldClasses(source).find(({ names }) => names.includes(name));
    if (held === undefined) return null;
    const signatures = signatureCount(held.node);
    if (signatures > 0) return { owner: name, visibility: hiddenConstructor(held.node), signatures };
  }
  return null;
}
