import { statSync } from "node:fs";
import type { CompilerOptions, CreateSourceFileOptions, ScriptTarget, SourceFile } from "typescript";
import type { Api } from "./compilers.ts";

/** Options that decide neither what a file parses to, nor how its names are bound, nor what it imports. */
const elsewhere = new Set([
  "configFile",
  "configFilePath",
  "declarationDir",
  "outDir",
  "pathsBasePath",
  "rootDir",
  "tsBuildInfoFile",
]);

interface Known {
  version: string;
  file: SourceFile;
}

/** Parsed files, shared by the projects of one compiler and kept from one check to the next. */
export class SourceFiles {
  readonly #api: Api;
  readonly #byKind = new Map<string, Map<string, Known>>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** What a host's `getSourceFile` has to be for a program with such options. */
  reader(
    options: CompilerOptions,
  ): (path: string, how: ScriptTarget | CreateSourceFileOptions) => SourceFile | undefined {
    const kind = kindOf(options);
    return (path, how) => {
      const key = `${kind} ${JSON.stringify(how)}`;
      const files = this.#byKind.get(key) ?? new Map<string, Known>();
      this.#byKind.set(key, files);
      const version = versionOf(path);
      if (version === null) return undefined;
      const known = files.get(path);
      if (known?.version === version) return known.file;
      const text = this.#api.sys.readFile(path);
      if (text === undefined) return undefined;
      const file = this.#api.createSourceFile(path, text, how);
      // By it a builder program knows what has changed.
      Object.assign(file, { version });
      files.set(path, { version, file });
      return file;
    };
  }
}

export function kindOf(options: CompilerOptions): string {
  return JSON.stringify(Object.entries(options).filter(([name]) => !elsewhere.has(name)));
}

/** The time of the last change of any kind cannot be set back, so that no change goes unseen. */
function versionOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? `${stats.ctimeMs} ${stats.size} ${stats.ino}` : null;
}
