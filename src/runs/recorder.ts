import { access, constants, mkdir, open, realpath, type FileHandle } from "node:fs/promises";
import { join, relative, isAbsolute } from "node:path";
import { prepareProjIntel, redact } from "../runtime/index.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";

/** Appends the events of one run to `.proj-intel/runs/<runId>.jsonl`, in order. Only the process that started the run writes. */
export class RunRecorder {
  readonly #path: string;
  /** Null while it rests. */
  #file: Promise<FileHandle> | null;
  #waiting: string[] = [];
  #writing: Promise<void> | null = null;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = Promise.resolve(file);
  }

  /**
   * Rejects where the folder cannot be written to.
   * @param folder of the records
   */
  static async create(folder: string, runId: string): Promise<RunRecorder> {
    const path = join(folder, `${runId}.jsonl`);
    return new RunRecorder(path, await open(path, "ax", 0o600));
  }

  /** Secrets are redacted here. Rejects where the disk refuses. Events appended while another is being written are written together. */
  append(event: RunEvent): Promise<void> {
    this.#waiting.push(`${JSON.stringify(redact(event).value)}\n`);
    this.#writing ??= this.#write();
    return this.#writing;
  }

  /** Waits until everything appended is on the disk itself. */
  async flush(): Promise<void> {
    await this.#writing;
    const file = await this.#open();
    await file.datasync();
  }

  /** Lets go of the file until more is appended: runs may wait in thousands, and files that are open are few. */
  async rest(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    const file = this.#file;
    this.#file = null;
    await (await file)?.close();
  }

  /** Whether the record is still where it was begun. */
  async isThere(): Promise<boolean> {
    return access(this.#path).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    try {
      if (this.#file !== null) await this.flush();
    } finally {
      await (await this.#file)?.close();
    }
  }

  /** A record that was removed meanwhile does not come back without its beginning. */
  #open(): Promise<FileHandle> {
    return (this.#file ??= open(this.#path, constants.O_WRONLY | constants.O_APPEND).catch(
      (error: unknown) => {
        this.#file = null;
        throw error;
      },
    ));
  }

  async #write(): Promise<void> {
    try {
      const file = await this.#open();
      while (this.#waiting.length > 0) {
        const lines = this.#waiting.splice(0);
        await file.appendFile(lines.join(""));
      }
    } finally {
      this.#writing = null;
    }
  }
}

/** Adds to the record of a run whose recorder has ended, maybe in the middle of a line. */
export async function appendToRecord(root: string, event: RunEvent): Promise<void> {
  const file = await open(join(await runsFolder(root), `${event.runId}.jsonl`), "r+");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(1),
      position: Math.max(size - 1, 0),
    });
    const torn = bytesRead === 1 && buffer.toString() !== "\n";
    await file.write(`${torn ? "\n" : ""}${JSON.stringify(event)}\n`, size);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The folder of the records, made where it is not there. Rejects with a UserError where it leads elsewhere. */
export async function runsFolder(root: string): Promise<string> {
  const base = join(root, ".proj-intel");
  const folder = join(base, "runs");
  prepareProjIntel(base);
  await mkdir(folder, { mode: 0o700 }).catch(unlessCode("EEXIST"));
  const inside = relative(await realpath(root), await realpath(folder));
  if (inside.startsWith("..") || isAbsolute(inside)) {
    throw new UserError(
      `${folder} leads out of the workspace folder through a link, so no run is recorded there.`,
    );
  }
  return folder;
}

function unlessCode(code: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && "code" in error && error.code === code)) throw error;
  };
}
