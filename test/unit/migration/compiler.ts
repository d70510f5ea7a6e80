import { join } from "node:path";
import ts from "typescript";
import { compilerHost } from "../compilerHost.ts";
import { repository } from "./project.ts";

/** Type-checks a project under its own tsconfig.json, emits where it asks for that, and answers with the errors. */
export function compile(root: string): string[] {
  const parsed = configOf(root);
  const program = ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    host: compilerHost(parsed.options),
    ...(parsed.projectReferences && { projectReferences: parsed.projectReferences }),
  });
  const emitted = program.emit();
  return messages(root, [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics]);
}

/** Type-checks the declarations that a project has emitted, as those who use it would. */
export function checkDeclarations(root: string): string[] {
  const { options } = configOf(root);
  if (options.declaration !== true || options.outDir === undefined) return [];
  const rootNames = ts.sys.readDirectory(options.outDir, [".d.ts"]);
  if (rootNames.length === 0) return ["No declarations were emitted."];
  const checked = { ...options, noEmit: true, skipLibCheck: false };
  const program = ts.createProgram({ rootNames, options: checked, host: compilerHost(checked) });
  return messages(root, ts.getPreEmitDiagnostics(program));
}

function configOf(root: string): ts.ParsedCommandLine {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const typeRoots = [join(repository, "node_modules/@types")];
  return { ...parsed, options: { ...parsed.options, skipDefaultLibCheck: true, typeRoots } };
}

function messages(root: string, diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const { file, start = 0 } = diagnostic;
    if (file === undefined) return message;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${file.fileName.slice(root.length + 1)}:${line + 1} TS${diagnostic.code} ${message}`;
  });
}
