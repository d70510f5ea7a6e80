import { isAbsolute, relative, sep } from "node:path";
import { isComponent } from "../model/componentFile.ts";

const SOURCE = /(?<!\.d)\.([mc]?)([tj])sx?$/i;
const PROJECT = /(?:^|\/)(?:package\.json|[tj]sconfig[^/]*\.json|\.gitignore)$/;
const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|cypress)\//i;
const TEST_FILE =
  /(?:[._-](?:test|tests|spec|e2e|mocks?)(?:-d)?\.[mc]?[tj]sx?|(?:^|\/)(?:test|mocks?)[._-][^/]*)$/i;

/** Relative to the root, with forward slashes; null for what lies outside; "" for the root itself. */
export function relativePath(root: string, path: string): string | null {
  const inside = relative(root, path);
  if (inside.startsWith("..") && (inside === ".." || inside.startsWith(`..${sep}`))) return null;
  if (isAbsolute(inside)) return null;
  return sep === "/" ? inside : inside.split(sep).join("/");
}

/** TypeScript and JavaScript, also within components, declarations excluded. */
export const isSource = (path: string): boolean => SOURCE.test(path) || isComponent(path);

/** Files that decide how modules resolve or what is ignored. */
export const isProjectFile = (path: string): boolean => PROJECT.test(path);

export const isTest = (path: string): boolean => TEST_FOLDER.test(path) || TEST_FILE.test(path);

export const languageOf = (path: string): "typescript" | "javascript" =>
  SOURCE.exec(path)?.[2]?.toLowerCase() === "t" ? "typescript" : "javascript";

/** The folder of a relative path, "" for the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Joins relative paths and resolves `.` and `..`; null where that leaves the root. */
export function joinPath(folder: string, path: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
