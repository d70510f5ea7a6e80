import { inBytes, mebibytes } from "../model/runLimits.ts";
import type { HostEvent } from "../model/hostProtocol.ts";
import { withoutKnownSecrets } from "../runtime/checkpoint/knownSecrets.ts";

type Log = HostEvent & { type: "log" };

/** The log of one run, without secrets, of which no more is kept than so much. */
export class LimitedLog {
  readonly #mb: number;
  #left: number;

  /** @param mb in MiB */
  constructor(mb: number) {
    this.#mb = mb;
    this.#left = inBytes(mb);
  }

  /** What is kept of an event; where the log ends with it, a sentence that says so follows. */
  kept({ type, stream, text: written }: Log): Log[] {
    if (this.#left <= 0) return [];
    const { text } = withoutKnownSecrets(written);
    this.#left -= Buffer.byteLength(text);
    const kept: Log = { type, stream, text: this.#left < 0 ? text.slice(0, this.#left) : text };
    if (this.#left > 0) return [kept];
    const end = `\nThe log of this run ends here: it is longer than ${mebibytes(this.#mb)}.\n`;
    return [kept, { type, stream: "stderr", text: end }];
  }
}
