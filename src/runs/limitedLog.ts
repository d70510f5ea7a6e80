import { inBytes, mebibytes } from "../model/runLimits.ts";
import type { HostEvent } from "../model/hostProtocol.ts";
import { begunSecret, withoutKnownSecrets } from "../runtime/checkpoint/knownSecrets.ts";

type Log = HostEvent & { type: "log" };

/** The log of one run, without secrets, of which no more is kept than so much. */
export class LimitedLog {
  readonly #mb: number;
  #left: number;
  /** May be the beginning of a secret that goes on in the next event. */
  readonly #begun = { stdout: "", stderr: "" };

  /** @param mb in MiB */
  constructor(mb: number) {
    this.#mb = mb;
    this.#left = inBytes(mb);
  }

  /** What is kept of an event; where the log ends with it, a sentence that says so follows. */
  kept({ type, stream, text: written }: Log): Log[] {
    const { text } = withoutKnownSecrets(this.#begun[stream] + written);
    const whole = text.length - begunSecret(text);
    this.#begun[stream] = text.slice(whole);
    return this.#within({ type, stream, text: text.slice(0, whole) });
  }

  /** At the end of the run: what was no secret after all. */
  rest(): Log[] {
    const { stdout, stderr } = this.#begun;
    return [
      ...this.#within({ type: "log", stream: "stdout", text: stdout }),
      ...this.#within({ type: "log", stream: "stderr", text: stderr }),
    ];
  }

  #within({ type, stream, text }: Log): Log[] {
    if (this.#left <= 0 || text === "") return [];
    this.#left -= Buffer.byteLength(text);
    const kept: Log = { type, stream, text: this.#left < 0 ? text.slice(0, this.#left) : text };
    if (this.#left > 0) return [kept];
    const end = `\nThe log of this run ends here: it is longer than ${mebibytes(this.#mb)}.\n`;
    return [kept, { type, stream: "stderr", text: end }];
  }
}
