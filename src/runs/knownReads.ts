import { isDeepStrictEqual } from "node:util";
import type { ReadQuestion } from "./agentReads.ts";
import { isCurrent, stampsOf, type FileStamps } from "./fileStamps.ts";

interface Known<T> {
  args: unknown[];
  stamps: FileStamps;
  value: T;
}

/** What agents said of themselves, as long as they are made alike and the files that it was read from stay as they are. */
export class KnownReads<T> {
  readonly #known = new Map<string, Known<T>>();

  async get(question: ReadQuestion): Promise<{ value: T } | null> {
    const known = this.#known.get(keyOf(question));
    const fits = known && isDeepStrictEqual(known.args, question.args) && (await isCurrent(known.stamps));
    return fits === true ? known : null;
  }

  async set(question: ReadQuestion, files: readonly string[], value: T): Promise<void> {
    this.#known.set(keyOf(question), { args: question.args, stamps: await stampsOf(files), value });
  }
}

const keyOf = ({ root, record }: ReadQuestion): string => `${root}|${record.file_path}#${record.name}`;
