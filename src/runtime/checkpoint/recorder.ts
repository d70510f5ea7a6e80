import type { CheckpointDraft, CheckpointSummary } from "../core/checkpointStore.ts";
import { StoreError } from "../storeError.ts";
import { Encoder } from "./encode.ts";
import { agentOf, closing, type ForkChanges, hashOf, toFork, toRecord, type Unsealed } from "./record.ts";
import { mostMebibytes, type Checkpoint as CheckpointFile } from "./schema.ts";

const mostKept = 2 ** 20;

/** A checkpoint ready to be stored. */
export interface Sealed {
  summary: CheckpointSummary;
  /** UTF-8 JSON; valid until the next one is made. */
  bytes: Uint8Array;
}

/** Makes what a store stores. Keeps what helps the next time: texts without secrets, and a buffer. */
export class Recorder {
  readonly #encoder = new Encoder();
  #buffer = Buffer.alloc(0);

  /** Throws a {@link StoreError} where it is too large. */
  save(draft: CheckpointDraft): Sealed {
    return this.#make(agentOf(draft), () => toRecord(draft, this.#encoder, Date.now()));
  }

  /** A checkpoint that follows a stored one and has the same content. */
  fork(file: CheckpointFile, changes: ForkChanges): Sealed {
    return this.#make(changes.agent, () => toFork(file, changes, Date.now()));
  }

  #make(agent: string, open: () => Unsealed): Sealed {
    try {
      const { summary, open: text } = open();
      // No character takes more than three bytes.
      const buffer = this.#room(text, closing("").length + 64);
      let end = buffer.write(text, "utf8");
      const closed = end + buffer.write("}", end, "latin1");
      const hash = hashOf(buffer.subarray(0, closed));
      end += buffer.write(closing(hash), end, "latin1");
      if (end <= mostMebibytes * 2 ** 20)
        return { summary: { ...summary, hash }, bytes: buffer.subarray(0, end) };
    } catch (error) {
      // Longer than a string can be.
      if (!(error instanceof RangeError) || error.message.includes("call stack")) throw error;
    }
    throw new StoreError(
      `A checkpoint of agent "${agent}" is larger than ${mostMebibytes} MiB: keep less in its state or task.`,
    );
  }

  #room(text: string, more: number): Buffer {
    const most = text.length * 3 + more;
    if (most <= this.#buffer.length) return this.#buffer;
    if (text.length > mostMebibytes * 2 ** 20) throw new RangeError("too long");
    if (most > mostKept) return Buffer.allocUnsafeSlow(Buffer.byteLength(text) + more);
    this.#buffer = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(most)));
    return this.#buffer;
  }
}
