import ts from "typescript";
import { join } from "node:path";
import { compilerHost } from "../compilerHost.ts";
import type { TypeChecker, TypeCheckReport } from "../../../src/model/typeCheck.ts";

/** The repository's own compiler over one project, in this process. Counts its checks. */
export class InProcessChecker implements TypeChecker {
  readonly #root: string;
  checks = 0;
  /** Called before each check. */
  onCheck: (number: number) => void = () => undefined;

  constructor(root: string) {
    this.#root = root;
  }

  check(): Promise<TypeCheckReport> {
    this.checks += 1;
    this.onCheck(this.checks);
    const { config } = ts.readConfigFile(join(this.#root, "tsconfig.json"), (path) =>
      ts.sys.readFile(path),
    ) as {
      config?: unknown;
    };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, this.#root);
    const settings = { ...options, noEmit: true, skipLibCheck: true, types: [] };
    const program = ts.createProgram(fileNames, settings, compilerHost(settings));
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, code, messageText }) => {
      const { line, character } = file?.getLineAndCharacterOfPosition(start) ?? { line: -1, character: -1 };
      const path = file === undefined ? null : file.fileName.slice(this.#root.length + 1);
      const message = ts.flattenDiagnosticMessageText(messageText, "\n");
      return { path, line: line + 1, character: character + 1, code, message };
    });
    const compiler = { version: ts.version, origin: "project" as const };
    const project = { config: "tsconfig.json", compiler, problems, durationMs: 0 };
    return Promise.resolve({ projects: [project], unchecked: [] });
  }
}
