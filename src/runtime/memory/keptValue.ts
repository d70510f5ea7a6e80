import { serialize } from "node:v8";
import { type Copy, copyData } from "../core/clone.ts";
import { AgentUsageError, describeError } from "../core/errors.ts";

/** A value of the shared context: each use has a copy of its own. */
export class KeptValue {
  /** What the value takes when it is serialised. */
  readonly bytes: number;
  /** The keys that it was made of. */
  readonly needs: ReadonlySet<string>;
  /** Whether its loader can make it again. */
  readonly canReload: boolean;
  readonly #value: unknown;

  /** Throws an {@link AgentUsageError} that names what of the value cannot be kept. */
  constructor(key: string, value: unknown, needs?: ReadonlySet<string>) {
    this.needs = needs ?? new Set();
    this.canReload = needs !== undefined;
    let copied: Copy;
    try {
      copied = copyData(value, "value");
      this.bytes = serialize(copied.value).byteLength;
    } catch (error) {
      throw unkept(key, [describeError(error).message]);
    }
    if (copied.lost.length > 0) throw unkept(key, copied.lost);
    this.#value = copied.value;
  }

  copy(): unknown {
    return copyData(this.#value).value;
  }
}

const unkept = (key: string, lost: readonly string[]): AgentUsageError =>
  new AgentUsageError(
    `The value of "${key}" cannot be shared: ${lost.slice(0, 10).join(", ")}. Shared context is plain data: records, ` +
      "arrays, Map, Set, Date, typed arrays.",
  );
