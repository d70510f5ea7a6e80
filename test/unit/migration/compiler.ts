import { join } from "node:path";
import ts from "typescript";
import { repository } from "./project.ts";

/** Type-checks a project under its own tsconfig.json, emits where it asks for that, and answers with the errors. */
export function compile(root: string): string[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram({
    rootNames: parsed.fileNames,
    options: { ...parsed.options, typeRoots: [join(repository, "node_modules/@types")] },
    ...(parsed.projectReferences && { projectReferences: parsed.projectReferences }),
  });
  const emitted = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics].map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const { file, start = 0 } = diagnostic;
    if (file === undefined) return message;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${file.fileName.slice(root.length + 1)}:${line + 1} TS${diagnostic.code} ${message}`;
  });
}
