import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { folderPath } from "../model/folderPath.ts";
import { parseAgentRef, type AgentRef } from "../model/agentRef.ts";
import { UserError } from "../model/userError.ts";

const NEAREST = "(default: the nearest one with .proj-intel or package.json)";
export const FOLDER_ARGUMENT = ["[dir]", `the workspace folder ${NEAREST}`] as const;

/** @param what the folder is for, after a comma */
export const workspaceOption = (what = "") =>
  ["--workspace <dir>", `the workspace folder${what} ${NEAREST}`] as const;

export interface Target extends AgentRef {
  /** Absolute path of the workspace folder. */
  root: string;
  /** The file relative to the workspace folder, forward slashes. */
  file_path: string;
}

/** Resolves FILE#Class: `file` becomes absolute, and the workspace is the nearest folder with .proj-intel or package.json, else the current one. */
export function findTarget(text: string, workspace?: string): Target {
  const { file, name } = parseAgentRef(text);
  const path = resolve(file);
  if (!existsSync(path)) throw new UserError(`There is no file ${file}.`);
  if (statSync(path).isDirectory()) throw new UserError(`${file} is a folder: name the file of the class.`);
  const root = workspace === undefined ? nearestWorkspace(dirname(path)) : existingFolder(workspace);
  return { file: path, name, root, file_path: folderPath(root, path) };
}

/** The folder that is named, else the nearest of the current one with .proj-intel or package.json. */
export const workspaceFolder = (text: string | undefined): string =>
  text === undefined ? nearestWorkspace(process.cwd()) : existingFolder(text);

export function existingFolder(text: string): string {
  const path = resolve(text);
  if (!existsSync(path)) throw new UserError(`There is no folder ${text}.`);
  if (!statSync(path).isDirectory()) throw new UserError(`${text} is not a folder.`);
  return path;
}

/** The absolute path of a file. Throws a UserError where there is none. */
export function existingFile(text: string): string {
  const path = resolve(text);
  if (!existsSync(path)) throw new UserError(`There is no file ${text}.`);
  if (statSync(path).isDirectory()) throw new UserError(`${text} is a folder, where a file is wanted.`);
  return path;
}

function nearestWorkspace(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (basename(folder) !== "node_modules" && isWorkspace(folder)) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

const isWorkspace = (folder: string): boolean =>
  existsSync(join(folder, ".proj-intel")) || existsSync(join(folder, "package.json"));
