import { extname } from "node:path";
import type { ClassFacts, ImportExtension } from "../../migration/facts.ts";
import type { PackageFacts } from "../../migration/packageFacts.ts";
import type { ConfigFacts } from "./compilerConfigs.ts";

type Format = "esm" | "commonjs" | "amd" | "umd" | "system";

/** The module format in which the file is loaded at last. */
export function formatOf(
  file: string,
  { language, syntax }: ClassFacts,
  { typeModule, jest }: PackageFacts,
  { module, included }: ConfigFacts,
): Format {
  const extension = extname(file).toLowerCase();
  if (extension === ".mts" || extension === ".mjs") return "esm";
  if (extension === ".cts" || extension === ".cjs" || syntax === "commonjs") return "commonjs";
  const compiled = language === "typescript" || included ? module : null;
  if (compiled === "package") return typeModule ? "esm" : "commonjs";
  if (compiled !== null && compiled !== "esm") return compiled;
  return jest && !typeModule ? "commonjs" : "esm";
}

/** How a relative import has to end so that whoever loads the file finds what it names. */
export function importExtensionFor(
  { language }: ClassFacts,
  format: Format,
  { typeModule }: PackageFacts,
  { importExtension, output }: ConfigFacts,
): ImportExtension {
  if (language === "javascript") return format === "esm" ? ".js" : "";
  if (importExtension === ".ts" || format !== "esm") return importExtension === ".ts" ? ".ts" : "";
  return importExtension === ".js" || (output !== null && typeModule) ? ".js" : "";
}
