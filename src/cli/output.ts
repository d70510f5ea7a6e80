import { printable } from "./printable.ts";

/** Writes lines to standard output; a reader that went away (`| head`) ends the writing, not the command. */
export class Output {
  #closed = false;

  constructor() {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
    });
    process.stderr.on("error", () => undefined);
  }

  line(text: string): void {
    if (!this.#closed) process.stdout.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Waits until standard output takes more; false where nobody reads it any more. For commands that write much. */
  async wanted(): Promise<boolean> {
    const { stdout } = process;
    if (!this.#closed && stdout.writableNeedDrain)
      await new Promise<void>((resolve) => {
        const go = () => {
          for (const event of ["drain", "error", "close"]) stdout.off(event, go);
          resolve();
        };
        for (const event of ["drain", "error", "close"]) stdout.on(event, go);
      });
    return !this.#closed;
  }

  /** Diagnostics: never on standard output, and without what would steer a terminal. */
  note(text: string): void {
    process.stderr.write(`${printable(text)}\n`);
  }
}
