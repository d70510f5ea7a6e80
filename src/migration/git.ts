import { execFile } from "node:child_process";
import { relative } from "node:path";
import { UserError } from "../model/userError.ts";
import { slashes } from "./runtimeImport.ts";

/** A commit to be made: the texts of its files as they are in it, null where they are removed. Absolute paths. */
export interface Commit {
  message: string;
  files: ReadonlyMap<string, string | null>;
}

/** "2 paths differ from the last commit (a.ts, b.ts)" */
export function differing(changed: readonly string[]): string {
  const named = changed.slice(0, 3).join(", ") + (changed.length > 3 ? ", …" : "");
  const differ = changed.length === 1 ? "1 path differs" : `${changed.length} paths differ`;
  return `${differ} from the last commit (${named})`;
}

/** Git in a folder. Every call settles: a hook that hangs is ended with the signal. */
export class Git {
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;

  constructor(root: string, signal?: AbortSignal) {
    this.#root = root;
    this.#signal = signal;
  }

  /** The paths below the folder that differ from the last commit; null where it is in no repository, or git is not installed. */
  async changedPaths(): Promise<string[] | null> {
    try {
      const output = await this.#run([
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=normal",
        "--",
        ".",
      ]);
      return pathsOf(output).filter((path) => !/(?:^|\/)\.proj-intel\//.test(path));
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (error instanceof GitError) return null;
      throw error;
    }
  }

  /**
   * Commits texts that may differ from the files on disk, which stay as they are: the index is set to them, and set back
   * where git refuses.
   * @throws UserError with what git, or a hook of the repository, says
   */
  async commit({ message, files }: Commit): Promise<void> {
    try {
      for (const [path, text] of files) {
        const name = slashes(relative(this.#root, path));
        if (text === null) {
          await this.#run(["rm", "--cached", "--quiet", "--", name]);
          continue;
        }
        if (await this.#isIgnored(name)) continue;
        const hash = await this.#run(["hash-object", "-w", "--stdin", "--path", name], text);
        const mode = await this.#modeOf(name);
        const info = `${mode},${hash.trim()},${await this.#fromTop(name)}`;
        await this.#run(["update-index", "--add", "--cacheinfo", info]);
      }
      await this.#run(["commit", "--quiet", "-m", message]);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const names = [...files.keys()].map((path) => slashes(relative(this.#root, path)));
      // Also where the signal has aborted.
      await new Git(this.#root).#run(["reset", "--quiet", "--", ...names]).catch(() => undefined);
      const why = this.#signal?.aborted === true ? "it was cancelled" : error.message;
      throw new UserError(`Git did not commit "${message.split("\n")[0] ?? ""}": ${why}`);
    }
  }

  async #isIgnored(name: string): Promise<boolean> {
    return this.#run(["check-ignore", "--quiet", "--", name]).then(
      () => true,
      () => false,
    );
  }

  async #modeOf(name: string): Promise<string> {
    const known = await this.#run(["ls-files", "--stage", "--", name]);
    return /^\d{6}/.exec(known)?.[0] ?? "100644";
  }

  #prefix: Promise<string> | null = null;

  /** `update-index --cacheinfo` takes paths from the top of the repository. */
  async #fromTop(name: string): Promise<string> {
    this.#prefix ??= this.#run(["rev-parse", "--show-prefix"]).then((prefix) => prefix.trim());
    return (await this.#prefix) + name;
  }

  #run(args: readonly string[], input?: string): Promise<string> {
    const options = {
      cwd: this.#root,
      maxBuffer: 64 * 2 ** 20,
      windowsHide: true,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true", GIT_LITERAL_PATHSPECS: "1" },
      ...(this.#signal !== undefined && { signal: this.#signal }),
    };
    return new Promise((resolve, reject) => {
      const child = execFile("git", [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new GitError(lastLine(stderr) || lastLine(stdout) || error.message));
      });
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input ?? "");
    });
  }
}

class GitError extends Error {}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

function pathsOf(status: string): string[] {
  const fields = status.split("\0");
  const paths: string[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? "";
    if (field.length < 4) continue;
    paths.push(field.slice(3));
    // A renamed file's old name follows.
    if (/^[RC]/.test(field)) at += 1;
  }
  return paths;
}
