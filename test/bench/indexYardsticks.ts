import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Project, ts } from "ts-morph";

/** Parses the files that hold the word "class" with the TypeScript compiler, one after another, and keeps no tree. */
export function parseClassFiles(root: string, paths: readonly string[]): void {
  for (const path of paths) {
    const text = readFileSync(join(root, path), "utf8");
    if (/\bclass\b/.test(text)) ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  }
}

/** Gives all files to ts-morph and asks each for its classes. */
export function morph(root: string, paths: readonly string[]): void {
  const project = new Project({ skipFileDependencyResolution: true, compilerOptions: { allowJs: true } });
  for (const path of paths) project.addSourceFileAtPath(join(root, path)).getClasses();
}

export function statAll(root: string, paths: readonly string[]): void {
  for (const path of paths) statSync(join(root, path));
}
