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

  /** Diagnostics: never on standard output, and without what would steer a terminal. */
  note(text: string): void {
    process.stderr.write(`${printable(text)}\n`);
  }
}
