import { extname } from "node:path";
import { ts } from "ts-morph";
import type { ClassFacts } from "../../migration/facts.ts";
import { refusals } from "../../migration/refusals.ts";
import { exportTarget, isRequire } from "./commonJs.ts";

/** How a file's text imports and exports. */
export function moduleSyntax(
  source: ts.SourceFile,
  file: string,
  typeModule: boolean,
): { syntax: ClassFacts["syntax"] } | { refused: string } {
  const extension = extname(file).toLowerCase();
  const usesCommonJs = source.statements.some(
    (statement) => isRequire(statement) || exportTarget(statement) !== null,
  );
  if (!isJavaScript(file)) {
    if (ts.isExternalModule(source) || extension === ".mts" || extension === ".cts") return { syntax: "esm" };
    return { refused: usesModuleExports(source) ? refusals.mixedExports(file) : refusals.script(file) };
  }
  if (ts.isExternalModule(source) || extension === ".mjs") return { syntax: "esm" };
  if (usesCommonJs || extension === ".cjs") return { syntax: "commonjs" };
  return typeModule ? { syntax: "esm" } : { refused: refusals.script(file) };
}

function usesModuleExports(source: ts.SourceFile): boolean {
  return source.statements.some((statement) => exportTarget(statement) !== null);
}

export function isJavaScript(file: string): boolean {
  return /\.[cm]?jsx?$/i.test(file);
}
