import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ParsedCommandLine } from "typescript";
import type { Api } from "./compilers.ts";

const names = ["tsconfig.json", "jsconfig.json"];

/** Reads the configurations of a folder and those above it, each once, and tells which one governs a file. */
export class Configs {
  readonly #apiFor: (folder: string) => Api;
  readonly #parsed = new Map<string, { parsed: ParsedCommandLine | null; files: Set<string> }>();

  constructor(apiFor: (folder: string) => Api) {
    this.#apiFor = apiFor;
  }

  /**
   * The configuration that lists the file: the nearest one or one that it references, else another of its folder
   * (tsconfig.test.json), else likewise further up.
   */
  listing(file: string): string | null {
    for (const folder of foldersWithConfig(file)) {
      const seen = new Set<string>();
      // One that does not say what it includes is there to be extended.
      const others = otherConfigsIn(folder).filter((config) => this.#saysWhat(config));
      const found = [...configsIn(folder), ...others]
        .map((config) => this.#listedBy(config, file, seen))
        .find((config) => config !== null);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** The nearest one, which need not list the file. */
  nearest(file: string): string | null {
    for (const folder of foldersWithConfig(file)) return configsIn(folder)[0] ?? null;
    return null;
  }

  parse(config: string): ParsedCommandLine | null {
    return this.#read(config).parsed;
  }

  #saysWhat(config: string): boolean {
    const { include, files } = (this.#read(config).parsed?.raw ?? {}) as {
      include?: unknown;
      files?: unknown;
    };
    return include !== undefined || files !== undefined;
  }

  #listedBy(config: string, file: string, seen: Set<string>): string | null {
    if (seen.has(config)) return null;
    seen.add(config);
    const { parsed, files } = this.#read(config);
    if (parsed === null) return null;
    const api = this.#apiFor(dirname(config));
    if (files.has(normal(api, file))) return config;
    for (const reference of parsed.projectReferences ?? []) {
      const found = this.#listedBy(resolve(api.resolveProjectReferencePath(reference)), file, seen);
      if (found !== null) return found;
    }
    return null;
  }

  #read(config: string): { parsed: ParsedCommandLine | null; files: Set<string> } {
    const known = this.#parsed.get(config);
    if (known !== undefined) return known;
    const api = this.#apiFor(dirname(config));
    const parsed = parse(api, config);
    const read = { parsed, files: new Set(parsed?.fileNames.map((name) => normal(api, name))) };
    this.#parsed.set(config, read);
    return read;
  }
}

/** Null where there is no such file. What is wrong in it is among its errors. */
export function parse(api: Api, config: string): ParsedCommandLine | null {
  const host = { ...api.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  return api.getParsedCommandLineOfConfigFile(config, {}, host) ?? null;
}

function* foldersWithConfig(file: string): Generator<string> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (configsIn(folder).length > 0) yield folder;
    if (folder === dirname(folder)) return;
  }
}

function configsIn(folder: string): string[] {
  return names.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

function otherConfigsIn(folder: string): string[] {
  const others = readdirSync(folder).filter((name) => /^[jt]sconfig\.[^/]+\.json$/.test(name));
  return others.sort().map((name) => join(folder, name));
}

function normal(api: Api, path: string): string {
  const slashed = path.replaceAll("\\", "/");
  return api.sys.useCaseSensitiveFileNames ? slashed : slashed.toLowerCase();
}
