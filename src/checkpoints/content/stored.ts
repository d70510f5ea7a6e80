import { Buffer } from "node:buffer";
import { fromText, toCheckpoint } from "../../runtime/checkpoint/record.ts";
import { mostMebibytes, type Checkpoint } from "../../runtime/checkpoint/schema.ts";
import { readText } from "../../runtime/files/readText.ts";
import { UserError } from "../../model/userError.ts";
import type { Entry } from "../listing/entry.ts";
import { fileOf } from "./inspect.ts";

/** What was written, and its size. */
export interface Stored {
  file: Checkpoint;
  text: string;
  bytes: number;
}

/** Reads a checkpoint from which an agent could go on. Throws why it cannot: the system's error, or one about its content. */
export function readStored(entry: Entry): Stored {
  const text = readText(fileOf(entry), mostMebibytes);
  const file = fromText(text);
  if (file.id !== entry.id) throw new Error("its name is not its id");
  toCheckpoint(file);
  return { file, text, bytes: Buffer.byteLength(text) };
}

/** The same; throws a UserError. */
export function stored(entry: Entry, done: string): Stored {
  try {
    return readStored(entry);
  } catch (error) {
    throw new UserError(`Checkpoint ${entry.id} cannot be ${done}: ${(error as Error).message}.`);
  }
}
