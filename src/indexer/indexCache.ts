import { hash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import * as z from "zod";
import { CachedBody, CachedHead } from "./cachedIndex.ts";

const SUFFIX = ".index";
const MOST_FILES = 24;
const MOST_BYTES = 400_000_000;
const OLDEST_MS = 60 * 24 * 3_600_000;
const FIRST_LINE = 1_000;

const Part = z.object({ length: z.int().nonnegative(), hash: z.string() });
const FirstLine = z.object({ version: z.string(), head: Part, body: Part });
type FirstLine = z.infer<typeof FirstLine>;

export interface CachedIndex {
  head: CachedHead;
  /** Null where the file is damaged, or another one by now. */
  body: () => CachedBody | null;
}

/**
 * One file a workspace folder, outside of it. It starts with a line that names the version of the code that wrote it
 * and the lengths and hashes of two parts: the head tells whether anything has changed, the body is read only then.
 *
 * The parts are V8's serialisation: it knows maps and typed arrays and is read several times faster than JSON. It gives
 * plain data only. The hashes find damage; whoever may write into the user's own folder of mode 0700 could replace this
 * program as well. Anything unexpected counts as no cache.
 */
export class IndexCache {
  readonly #folder: string;
  readonly #version: string;

  /** @param version changes with the code */
  constructor(folder: string, version: string) {
    this.#folder = folder;
    this.#version = version;
  }

  read(root: string): CachedIndex | null {
    const path = this.#pathOf(root);
    const opened = this.#open(path, (line, read) => ({ line, head: read(line.head, 0) }));
    const head = CachedHead.safeParse(opened?.head);
    if (opened === null || !head.success || head.data.root !== root) return null;
    const body = () => {
      const again = this.#open(path, (line, read) =>
        line.body.hash === opened.line.body.hash ? read(line.body, line.head.length) : null,
      );
      const parsed = CachedBody.safeParse(again);
      return parsed.success ? parsed.data : null;
    };
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // It is only about which files are kept.
    }
    return { head: head.data, body };
  }

  /** Readers of the file, also in other processes, see the old one or the new one. Throws where it cannot be written. */
  write(head: CachedHead, body: CachedBody): void {
    const parts = [serialize(head), serialize(body)] as const;
    const [first, second] = parts.map((bytes) => ({ length: bytes.length, hash: hash("sha1", bytes) }));
    const line = `${JSON.stringify({ version: this.#version, head: first, body: second })}\n`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#pathOf(head.root);
    const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
    try {
      writeFileSync(temporary, Buffer.concat([Buffer.from(line), ...parts]), { mode: 0o600 });
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    this.#tidy();
  }

  #pathOf(root: string): string {
    return join(this.#folder, hash("sha1", root) + SUFFIX);
  }

  #open<T>(
    path: string,
    use: (line: FirstLine, read: (part: FirstLine["head"], skip: number) => unknown) => T,
  ): T | null {
    let file: number | null = null;
    try {
      file = openSync(path, "r");
      const opened = file;
      const start = Buffer.alloc(FIRST_LINE);
      const end = start.subarray(0, readSync(opened, start, 0, FIRST_LINE, 0)).indexOf("\n");
      const line = FirstLine.parse(JSON.parse(start.toString("utf8", 0, end)));
      if (line.version !== this.#version) return null;
      return use(line, (part, skip) => {
        if (part.length > MOST_BYTES) return null;
        const bytes = Buffer.alloc(part.length);
        readSync(opened, bytes, 0, part.length, end + 1 + skip);
        return hash("sha1", bytes) === part.hash ? (deserialize(bytes) as unknown) : null;
      });
    } catch {
      return null;
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  /** Keeps the newest files, as far as there is room for them, and removes what a crash left. */
  #tidy(): void {
    const oldest = Date.now() - OLDEST_MS;
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX) || name.endsWith(".tmp"))
      .flatMap((name) => {
        const path = join(this.#folder, name);
        const stats = statSync(path, { throwIfNoEntry: false });
        return stats === undefined ? [] : [{ path, size: stats.size, at: stats.mtimeMs }];
      })
      .sort((a, b) => b.at - a.at);
    let bytes = 0;
    for (const [place, { path, size, at }] of files.entries()) {
      bytes += size;
      const abandoned = path.endsWith(".tmp") && at < Date.now() - 3_600_000;
      if (place >= MOST_FILES || bytes > MOST_BYTES || at < oldest || abandoned)
        rmSync(path, { force: true });
    }
  }
}

/** Changes whenever the code does: the length and time of the bundle, and the package's version. */
export function codeVersion(bundle: string, version: string): string {
  const { size, mtimeMs } = statSync(bundle);
  return [version, size, mtimeMs, process.versions.v8].join(" ");
}
