import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { indexFile, trackedFiles } from "./gitIndex.ts";
import { folderOf, isSource, relativePath } from "./paths.ts";

const NEVER = new Set(["node_modules", "bower_components", "jspm_packages", "dist", "coverage"]);
/** Built output at the top of a package, but plain words for a folder within its sources. */
const BUILT = new Set(["build", "out"]);
/** Many templates ignore `core`, meaning memory dumps; source folders of that name are checked in nevertheless. */
const MEMORY_DUMP = /^(?:\*\*\/)?core\s*$/;

/** Rules of a folder above the root; `prefix` leads from there to the root. */
interface RulesAbove {
  prefix: string;
  ignore: Ignore;
}

/**
 * Which folders and files of a root are passed over: built output, packages, dot folders, and what .gitignore names. As
 * in git, a file that is checked in is never ignored.
 */
export class IgnoreRules {
  readonly #root: string;
  readonly #above: RulesAbove[];
  readonly #byFolder = new Map<string, Ignore | null>();
  /** Sources that are checked in, and the folders that lead to them; read when something is ignored. */
  #tracked: Set<string> | null = null;
  readonly #repository: string | null;

  constructor(root: string) {
    this.#root = root;
    this.#repository = repositoryOf(root);
    this.#above = this.#repository === null ? [] : rulesAbove(root, this.#repository);
  }

  /** The files outside the root that the rules come from, and git's index; absolute. */
  get inputs(): string[] {
    if (this.#repository === null) return [];
    const inputs: string[] = [];
    try {
      inputs.push(indexFile(this.#repository));
    } catch {
      // No repository that git would take for one.
    }
    for (let folder = this.#root; folder !== this.#repository;) {
      folder = dirname(folder);
      inputs.push(join(folder, ".gitignore"));
    }
    return inputs;
  }

  /** Whether this folder or file is passed over; the folders above it are taken as allowed. */
  skips(path: string, kind: "folder" | "file"): boolean {
    if (kind === "folder" && isUnwanted(path)) return true;
    return this.#ignores(kind === "folder" ? `${path}/` : path) && !this.#isTracked(path);
  }

  /** As `skips`, with the folders above taken into account. */
  skipsWithin(path: string, kind: "folder" | "file"): boolean {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      if (this.skips(path.slice(0, slash), "folder")) return true;
    }
    return this.skips(path, kind);
  }

  /** The nearest .gitignore that says anything decides. */
  #ignores(path: string): boolean {
    for (let folder = folderOf(path.replace(/\/$/, "")); ; folder = folderOf(folder)) {
      const rules = this.#rulesOf(folder);
      const verdict = rules?.test(folder === "" ? path : path.slice(folder.length + 1));
      if (verdict?.ignored === true) return true;
      if (verdict?.unignored === true) return false;
      if (folder === "") break;
    }
    for (const above of this.#above) {
      const verdict = above.ignore.test(`${above.prefix}/${path}`);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    return false;
  }

  #rulesOf(folder: string): Ignore | null {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const rules = readRules(join(this.#root, folder));
    this.#byFolder.set(folder, rules);
    return rules;
  }

  #isTracked(path: string): boolean {
    if (this.#repository === null) return false;
    this.#tracked ??= trackedWithin(this.#repository, this.#root);
    return this.#tracked.has(path);
  }
}

function isUnwanted(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith(".") || NEVER.has(name)) return true;
  return BUILT.has(name) && !folderOf(path).split("/").includes("src");
}

function repositoryOf(root: string): string | null {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** The rules of the repository around the root, nearest first; none where they would hide the root itself. */
function rulesAbove(root: string, repository: string): RulesAbove[] {
  const found: RulesAbove[] = [];
  for (let folder = root; folder !== repository;) {
    folder = dirname(folder);
    const prefix = relativePath(folder, root) ?? "";
    const rules = readRules(folder);
    if (rules?.ignores(`${prefix}/`) === true) return [];
    if (rules !== null) found.push({ prefix, ignore: rules });
  }
  return found;
}

function readRules(folder: string): Ignore | null {
  try {
    const patterns = readFileSync(join(folder, ".gitignore"), "utf8").split(/\r?\n/);
    return ignore().add(patterns.filter((pattern) => !MEMORY_DUMP.test(pattern)));
  } catch {
    return null;
  }
}

function trackedWithin(repository: string, root: string): Set<string> {
  const prefix = relativePath(repository, root) ?? "";
  const tracked = new Set<string>();
  for (const path of trackedFiles(repository)) {
    if (!isSource(path) || (prefix !== "" && !path.startsWith(`${prefix}/`))) continue;
    let inside = prefix === "" ? path : path.slice(prefix.length + 1);
    while (inside !== "" && !tracked.has(inside)) {
      tracked.add(inside);
      inside = folderOf(inside);
    }
  }
  return tracked;
}
