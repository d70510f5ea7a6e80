import type { CompilerHost, Program, SourceFile } from "typescript";
import type { Findings } from "./apiProject.ts";
import type { Api } from "./compilers.ts";

/**
 * Tells which files have to be checked anew: those that changed, and those that import them by whatever way. Everything
 * has to, where a file changed that others see without importing it, or where one is gone.
 */
export function staleFiles(
  api: Api,
  program: Program,
  host: CompilerHost,
  { byName }: Findings,
): (file: SourceFile) => boolean {
  const files = program.getSourceFiles();
  const changed = files.filter((file) => byName.get(file.fileName)?.file !== file);
  const gone = new Set(byName.keys());
  for (const { fileName } of files) gone.delete(fileName);
  if (changed.length === 0 && gone.size === 0) return () => false;
  const former = changed.flatMap(({ fileName }) => byName.get(fileName)?.file ?? []);
  if (gone.size > 0 || [...changed, ...former].some((file) => isSeenEverywhere(api, file))) return () => true;
  const names = new Set(changed.map(({ fileName }) => fileName));
  const graph = api.createSemanticDiagnosticsBuilderProgram(program, host);
  return (file) =>
    names.has(file.fileName) ||
    // Packages do not import what imports them.
    (!file.fileName.includes("/node_modules/") &&
      graph.getAllDependencies(file).some((name) => names.has(name)));
}

function isSeenEverywhere(api: Api, file: SourceFile): boolean {
  if (file.fileName.endsWith(".json")) return false;
  const commonJs = "commonJsModuleIndicator" in file && file.commonJsModuleIndicator !== undefined;
  if (!api.isExternalModule(file) && !commonJs) return true;
  return /\bdeclare\s+(?:global\b|module\s*["'])|^\s*export\s+as\s+namespace\b/m.test(file.text);
}
