import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { MigratedClass } from "../../migration/migratedClass.ts";
import { folderPath } from "../../model/folderPath.ts";
import { parseAgentRef } from "../../model/agentRef.ts";
import { UserError } from "../../model/userError.ts";
import { existingFolder, findTarget } from "../workspace.ts";

export interface MigrateTargets {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Null where a whole folder is meant. */
  classes: (MigratedClass & { file: string })[] | null;
}

/** DIR, DIR FILE#Class… or FILE#Class…; files are looked for in the folder, then where the command was given. */
export function findTargets(target: string, further: readonly string[], workspace?: string): MigrateTargets {
  if (target.includes("#") && !existsSync(target)) {
    const first = findTarget(target, workspace);
    const others = further.map((each) => inFolder(first.root, each));
    return { root: first.root, classes: [first, ...others] };
  }
  if (workspace !== undefined) {
    throw new UserError(`--workspace is for FILE#Class: ${target} is the workspace folder already.`);
  }
  const root = existingFolder(target);
  return { root, classes: further.length === 0 ? null : further.map((each) => inFolder(root, each)) };
}

function inFolder(root: string, text: string): MigratedClass & { file: string } {
  const { file, name } = parseAgentRef(text);
  const [inside, here] = [isAbsolute(file) ? file : join(root, file), resolve(file)];
  const path = existsSync(inside) ? inside : existsSync(here) ? here : inside;
  return { file: path, name, file_path: folderPath(root, path) };
}
