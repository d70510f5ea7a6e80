import { existsSync } from "node:fs";
import type {
  CompilerHost,
  CompilerOptions,
  Diagnostic,
  ParsedCommandLine,
  SemanticDiagnosticsBuilderProgram,
} from "typescript";
import type { Api } from "./compilers.ts";
import type { SourceFiles } from "./sourceFiles.ts";

/** One configuration, checked through the compiler's API. A further check works out only what a change can have touched. */
export class ApiProject {
  readonly #api: Api;
  readonly #sources: SourceFiles;
  readonly #libraries: string | null;
  #builder: SemanticDiagnosticsBuilderProgram | undefined;
  #opened: ParsedCommandLine | null = null;

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
    const builder = this.#current(parsed);
    const diagnostics = [
      ...builder.getConfigFileParsingDiagnostics(),
      ...builder.getOptionsDiagnostics(),
      ...builder.getSyntacticDiagnostics(),
      ...builder.getGlobalDiagnostics(),
      ...builder.getSemanticDiagnostics(),
    ];
    const { declaration, composite } = parsed.options;
    for (const path of declaration === true || composite === true ? declared : []) {
      const file = builder.getSourceFile(path);
      if (file !== undefined && !/\.[cm]?jsx?$/.test(path))
        diagnostics.push(...builder.getDeclarationDiagnostics(file));
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

  /** What a configuration was parsed to is parsed anew for each check: until then the program is as good as new. */
  #current(parsed: ParsedCommandLine): SemanticDiagnosticsBuilderProgram {
    return this.#opened === parsed && this.#builder !== undefined ? this.#builder : this.#open(parsed);
  }

  #open(parsed: ParsedCommandLine): SemanticDiagnosticsBuilderProgram {
    const options = optionsOf(this.#api, parsed);
    this.#opened = parsed;
    this.#builder = this.#api.createSemanticDiagnosticsBuilderProgram(
      parsed.fileNames,
      options,
      this.#hostFor(options),
      this.#builder,
      parsed.errors,
      parsed.projectReferences,
    );
    return this.#builder;
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
