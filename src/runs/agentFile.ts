import { stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { folderPath } from "../model/folderPath.ts";
import type { AgentRef } from "../model/agentRef.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";

/** Whether a file lies in a folder, as its path says: who may name an agent in a file may not name one of another project. */
export function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

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
