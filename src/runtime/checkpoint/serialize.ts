import type { Checkpoint, CheckpointDraft, CheckpointSummary } from "../core/checkpointStore.ts";
import { StoreError } from "../storeError.ts";
import { fromText, toCheckpoint } from "./record.ts";
import { Recorder } from "./recorder.ts";

/** A checkpoint as a store keeps it. */
export interface SerializedCheckpoint {
  /** What a store answers a save with, and lists. */
  summary: CheckpointSummary;
  /** Compact JSON of the whole checkpoint, encoded, without secrets, with its hash. */
  text: string;
}

/**
 * For a store of your own: gives a draft its id, time and hash, encodes what JSON cannot hold, and takes secrets out.
 * Throws a {@link StoreError} where it is larger than 256 MiB.
 */
export function serializeCheckpoint(draft: CheckpointDraft): SerializedCheckpoint {
  const { summary, bytes } = new Recorder().save(draft);
  return { summary, text: Buffer.from(bytes).toString("utf8") };
}

/** Reads what {@link serializeCheckpoint} gave; throws a {@link StoreError} where it is torn, changed, foreign or newer. */
export function parseCheckpoint(text: string): Checkpoint {
  try {
    return toCheckpoint(fromText(text));
  } catch (error) {
    throw new StoreError(`The checkpoint cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
