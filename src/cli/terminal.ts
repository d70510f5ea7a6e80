import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Given } from "../model/runControl.ts";
import type { Question } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { choicesOf, parseAnswer } from "./answerText.ts";
import { printable } from "./printable.ts";

/** Where a person can be asked: standard output is kept for results. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Whether what is typed is echoed and edited here. */
  isTerminal: boolean;
}

/** Null where nobody sits in front of this process. */
export function openTerminal(): Terminal | null {
  const { stdin: input, stderr: output } = process;
  return input.isTTY && output.isTTY ? { input, output, isTerminal: true } : null;
}

/** Asks until the answer fits; null where the signal aborts first, or nobody can type any more. A secret is not echoed. */
export async function askPerson(
  question: Question,
  { input, output, isTerminal }: Terminal,
  signal: AbortSignal,
): Promise<Given | null> {
  let hidden = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) output.write(chunk as Buffer);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: isTerminal });
  // It takes the signal of the keyboard away from the process.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closing = new AbortController();
  const closed = new Promise<null>((resolve) =>
    lines.once("close", () => {
      closing.abort();
      resolve(null);
    }),
  );
  try {
    for (;;) {
      output.write(printable(`${question.message} (${choicesOf(question)}): `));
      hidden = question.kind === "text" && question.secret === true;
      const text = await Promise.race([lines.question("", { signal }), closed]);
      if (hidden) output.write("\n");
      hidden = false;
      if (text === null) return null;
      try {
        return parseAnswer(question, text);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        output.write(`${error.message}\n`);
      }
    }
  } catch (error) {
    if (signal.aborted || closing.signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
}
