import { existsSync } from "node:fs";
import type {
  CompilerHost,
  CompilerOptions,
  Diagnostic,
  ParsedCommandLine,
  Program,
  SourceFile,
} from "typescript";
import type { Api } from "./compilers.ts";
import { staleFiles } from "./staleFiles.ts";
import { kindOf, type SourceFiles } from "./sourceFiles.ts";

/** What was found out about the files of a program. */
export interface Findings {
  /** Of the options. */
  kind: string;
  byName: Map<string, { file: SourceFile; diagnostics: readonly Diagnostic[] }>;
}

/** One configuration, checked through the compiler's API. A further check works out only what a change can have touched. */
export class ApiProject {
  readonly #api: Api;
  readonly #sources: SourceFiles;
  readonly #libraries: string | null;
  #program: Program | undefined;
  #opened: ParsedCommandLine | null = null;
  #findings: Findings | null = null;

  constructor(api: Api, sources: SourceFiles, libraries: string | null) {
    this.#api = api;
    this.#sources = sources;
    this.#libraries = libraries;
  }

  /**
   * All that `tsc --noEmit` can print. Unlike `tsc`, which stops at problems of the options or the syntax, it goes on:
   * one that was there before must not hide what is new.
   * @param declared files whose declarations are checked too, where the project has declarations written
   */
  check(parsed: ParsedCommandLine, declared: readonly string[]): Diagnostic[] {
    const program = this.#current(parsed);
    const diagnostics = [
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getOptionsDiagnostics(),
      ...program.getSyntacticDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...this.#semantic(program),
    ];
    const { declaration, composite } = parsed.options;
    for (const path of declaration === true || composite === true ? declared : []) {
      const file = program.getSourceFile(path);
      if (file !== undefined && !/\.[cm]?jsx?$/.test(path))
        diagnostics.push(...program.getDeclarationDiagnostics(file));
    }
    // The same files again, but without the checker and all its types.
    this.#open(parsed);
    return [...this.#api.sortAndDeduplicateDiagnostics(diagnostics)];
  }

  /** The program reads the file, be it listed or imported. */
  includes(parsed: ParsedCommandLine, file: string): boolean {
    const { allowJs, checkJs } = parsed.options;
    const readable = allowJs === true || checkJs === true ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
    return readable.test(file) && this.#current(parsed).getSourceFile(file) !== undefined;
  }

  #semantic(program: Program): Diagnostic[] {
    const known = this.#findings;
    const kind = kindOf(program.getCompilerOptions());
    const host = this.#hostFor(program.getCompilerOptions());
    const stale = known?.kind === kind ? staleFiles(this.#api, program, host, known) : () => true;
    const byName: Findings["byName"] = new Map();
    for (const file of program.getSourceFiles()) {
      const found = stale(file) ? undefined : known?.byName.get(file.fileName)?.diagnostics;
      byName.set(file.fileName, { file, diagnostics: found ?? program.getSemanticDiagnostics(file) });
    }
    this.#findings = { kind, byName };
    return [...byName.values()].flatMap(({ diagnostics }) => diagnostics);
  }

  /** A configuration is parsed anew for each check: until then the program is as good as new. */
  #current(parsed: ParsedCommandLine): Program {
    return this.#opened === parsed && this.#program !== undefined ? this.#program : this.#open(parsed);
  }

  #open(parsed: ParsedCommandLine): Program {
    const options = optionsOf(this.#api, parsed);
    this.#opened = parsed;
    this.#program = this.#api.createProgram({
      rootNames: parsed.fileNames,
      options,
      host: this.#hostFor(options),
      ...(this.#program !== undefined && { oldProgram: this.#program }),
      configFileParsingDiagnostics: parsed.errors,
      ...(parsed.projectReferences !== undefined && { projectReferences: parsed.projectReferences }),
    });
    return this.#program;
  }

  #hostFor(options: CompilerOptions): CompilerHost {
    const host = this.#api.createCompilerHost(options);
    const libraries = this.#libraries;
    return Object.assign(host, {
      getSourceFile: this.#sources.reader(options),
      fileExists: remembering(host.fileExists.bind(host)),
      directoryExists: remembering(host.directoryExists?.bind(host) ?? existsSync),
      // What imports a referenced project sees its sources: they are there whether or not it was built.
      useSourceOfProjectReferenceRedirect: () => true,
      ...("JSDocParsingMode" in this.#api && {
        jsDocParsingMode: this.#api.JSDocParsingMode.ParseForTypeErrors,
      }),
      ...(libraries !== null && {
        getDefaultLibLocation: () => libraries,
        getDefaultLibFileName: (asked: CompilerOptions) =>
          `${libraries}/${this.#api.getDefaultLibFileName(asked)}`,
      }),
    });
  }
}

/** Nothing is written; where the compiler has a way to be told, it does not ask where to. */
function optionsOf(api: Api, { options }: ParsedCommandLine): CompilerOptions {
  const { composite, incremental, emitDeclarationOnly } = options;
  const old = Number.parseInt(api.version) < 4 && (composite === true || incremental === true);
  return old || emitDeclarationOnly === true ? options : { ...options, noEmit: true };
}

function remembering(ask: (path: string) => boolean): (path: string) => boolean {
  const answers = new Map<string, boolean>();
  return (path) => {
    const answer = answers.get(path) ?? ask(path);
    answers.set(path, answer);
    return answer;
  };
}
