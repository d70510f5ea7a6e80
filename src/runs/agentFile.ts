import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { folderPath } from "../model/folderPath.ts";
import type { AgentRef } from "../model/agentRef.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";
import { isInside } from "../runtime/files/isInside.ts";

/** Why no agent can be loaded from a file, as the end of a sentence; null where one may be. */
export async function problemOfFile(root: string, { file, name }: AgentRef): Promise<string | null> {
  const path = resolve(root, file);
  if (!isInside(root, path)) return `names the file ${file}, which is not in ${root}`;
  const found = await stat(path).catch(() => null);
  if (found === null) return `names the file ${file}, which is not there in ${root}`;
  if (found.isDirectory()) return `names ${file}, which is a folder: name the file of the class`;
  if (!isComponent(path)) return null;
  const sentence = componentSentence(name, folderPath(root, path));
  return `cannot be run: ${sentence.replace(/\.$/, "")}`;
}
