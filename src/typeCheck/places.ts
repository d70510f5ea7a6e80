import { realpathSync } from "node:fs";
import { isAbsolute, posix, win32 } from "node:path";

/** Paths below a workspace folder that may itself be a symbolic link, which compilers resolve. */
export class Places {
  readonly root: string;
  readonly #asked: string;

  constructor(root: string) {
    this.#asked = root;
    this.root = realpathSync(root);
  }

  /** The file, named by way of the resolved folder. */
  resolved(file: string): string {
    const path = relativePath(this.#asked, file);
    return isOutside(path) ? file : `${this.root}/${path}`.replaceAll("/", separatorOf(this.root));
  }

  /** As records name it. `path` may be relative to the workspace folder already. */
  relative(path: string): string {
    return isAbsolute(path) ? relativePath(this.root, path) : path.replaceAll("\\", "/");
  }
}

/** With forward slashes; absolute where it lies on another drive. */
export function relativePath(root: string, file: string): string {
  const paths = separatorOf(root) === "\\" ? win32 : posix;
  return paths.relative(root, file).replaceAll("\\", "/");
}

function separatorOf(root: string): string {
  return /^[A-Za-z]:|^\\\\/.test(root) ? "\\" : "/";
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../") || isAbsolute(path) || /^[A-Za-z]:/.test(path);
}
