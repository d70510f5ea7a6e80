import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { folderOf, relativePath } from "./paths.ts";

const NEVER = new Set(["node_modules", "bower_components", "jspm_packages", "dist", "coverage"]);
/** Built output at the top of a package, but plain words for a folder within its sources. */
const BUILT = new Set(["build", "out"]);

interface Rules {
  /** Folder the rules stand in, relative to the root; for folders above the root, the path from there to the root. */
  prefix: string;
  ignore: Ignore;
}

/** Which folders and files of a root are passed over: built output, packages, dot folders, and what .gitignore names. */
export class IgnoreRules {
  readonly #root: string;
  readonly #above: Rules[];
  readonly #byFolder = new Map<string, Rules | null>();

  constructor(root: string) {
    this.#root = root;
    this.#above = rulesAbove(root);
  }

  /** Whether this folder or file is passed over; the folders above it are taken as allowed. */
  skips(path: string, kind: "folder" | "file"): boolean {
    if (kind === "folder" && isUnwanted(path)) return true;
    const tested = kind === "folder" ? `${path}/` : path;
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const rules = this.#rulesOf(folder);
      if (rules !== null) {
        const verdict = rules.ignore.test(folder === "" ? tested : tested.slice(folder.length + 1));
        if (verdict.ignored) return true;
        if (verdict.unignored) return false;
      }
      if (folder === "") break;
    }
    for (const { prefix, ignore: rules } of this.#above) {
      const verdict = rules.test(`${prefix}/${tested}`);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    return false;
  }

  /** As `skips`, with the folders above taken into account. */
  skipsWithin(path: string, kind: "folder" | "file"): boolean {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      if (this.skips(path.slice(0, slash), "folder")) return true;
    }
    return this.skips(path, kind);
  }

  #rulesOf(folder: string): Rules | null {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const read = readRules(join(this.#root, folder));
    const rules = read && { prefix: folder, ignore: read };
    this.#byFolder.set(folder, rules);
    return rules;
  }
}

function isUnwanted(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith(".") || NEVER.has(name)) return true;
  return BUILT.has(name) && !folderOf(path).split("/").includes("src");
}

/** The rules of the repository around the root, nearest first; none where they would hide the root itself. */
function rulesAbove(root: string): Rules[] {
  const found: Rules[] = [];
  let folder = root;
  while (!existsSync(join(folder, ".git"))) {
    const parent = dirname(folder);
    if (parent === folder) return [];
    folder = parent;
    const prefix = relativePath(folder, root) ?? "";
    const read = readRules(folder);
    if (read?.ignores(`${prefix}/`) === true) return [];
    if (read !== null) found.push({ prefix, ignore: read });
  }
  return found;
}

function readRules(folder: string): Ignore | null {
  try {
    return ignore().add(readFileSync(join(folder, ".gitignore"), "utf8"));
  } catch {
    return null;
  }
}
