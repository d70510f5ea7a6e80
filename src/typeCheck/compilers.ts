import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type TypeScript from "typescript";
import type { Compiler } from "../model/typeCheck.ts";

export type Api = typeof TypeScript;

/** A compiler that is there: used through its API, or by running its `tsc`. */
export interface FoundCompiler extends Compiler {
  /** Null where it has none that is of use here, from version 7 on. */
  api: Api | null;
  /** The script to run instead. */
  tsc: string;
  /** Where the texts of its libraries are; null where it knows itself. */
  libraries: string | null;
}

/** What the build puts beside the check process. */
export interface OwnCompiler {
  api: () => Api;
  libraries: string;
}

const packages = [
  { name: "typescript", command: "tsc" },
  { name: "@typescript/native-preview", command: "tsgo" },
];

/** Finds the compiler of each project and loads it once. */
export class Compilers {
  readonly #own: OwnCompiler;
  readonly #byFolder = new Map<string, FoundCompiler>();
  readonly #byPackage = new Map<string, FoundCompiler | null>();
  #ours: FoundCompiler | null = null;

  constructor(own: OwnCompiler) {
    this.#own = own;
  }

  /** The one that Node would load from the folder, else ours. */
  of(folder: string): FoundCompiler {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const found =
      this.#installedIn(folder) ?? (dirname(folder) === folder ? this.ours : this.of(dirname(folder)));
    this.#byFolder.set(folder, found);
    return found;
  }

  get ours(): FoundCompiler {
    if (this.#ours !== null) return this.#ours;
    const api = this.#own.api();
    const { version } = api;
    this.#ours = { version, origin: "opsvi-agents", api, tsc: "", libraries: this.#own.libraries };
    return this.#ours;
  }

  #installedIn(folder: string): FoundCompiler | null {
    for (const { name, command } of packages) {
      const home = join(folder, "node_modules", name);
      const known = this.#byPackage.get(home);
      const found = known === undefined ? load(home, command) : known;
      this.#byPackage.set(home, found);
      if (found !== null) return found;
    }
    return null;
  }
}

/** Null where nothing usable is installed there. */
function load(home: string, command: string): FoundCompiler | null {
  try {
    const { version, bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
      version: string;
      bin: Record<string, string>;
    };
    const api =
      Number.parseInt(version) < 7
        ? (createRequire(join(home, "package.json"))("./lib/typescript.js") as Api)
        : null;
    const script = bin[command];
    return script === undefined
      ? null
      : { version, origin: "project", api, tsc: join(home, script), libraries: null };
  } catch {
    return null;
  }
}
