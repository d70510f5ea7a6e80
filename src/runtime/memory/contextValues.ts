import { AgentUsageError } from "../core/errors.ts";
import type { LoadedKey } from "./contextTypes.ts";
import type { KeptValue } from "./keptValue.ts";

/** The values that are there now, least recently used first, and no more bytes than there may be. */
export class ContextValues {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, KeptValue>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A value, which is the most recently used one now. */
  use(key: string): KeptValue | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  /** A value, without using it. */
  peek(key: string): KeptValue | undefined {
    return this.#kept.get(key);
  }

  remove(key: string): boolean {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    return this.#kept.delete(key);
  }

  /**
   * Keeps a value and answers with those dropped for it; a loaded one for which there is no room at all is dropped itself.
   * Throws an {@link AgentUsageError} where that cannot be: values that were set are never dropped.
   */
  add(key: string, value: KeptValue): LoadedKey[] {
    const others = [...this.#kept].filter(([other]) => other !== key);
    const fixed = others.reduce((sum, [, { bytes, canReload }]) => sum + (canReload ? 0 : bytes), 0);
    if (fixed + value.bytes > this.#maxBytes) {
      if (value.canReload) return [{ key, bytes: value.bytes }];
      throw new AgentUsageError(
        `The shared context has no room for "${key}" (${value.bytes} bytes): maxBytes is ${this.#maxBytes}, and values ` +
          `that were set take ${fixed}. Invalidate some, or provide loaders, whose values can be dropped.`,
      );
    }
    this.remove(key);
    this.#kept.set(key, value);
    this.#bytes += value.bytes;
    const dropped: LoadedKey[] = [];
    for (const [other, { bytes, canReload }] of others) {
      if (this.#bytes <= this.#maxBytes) break;
      if (!canReload) continue;
      this.remove(other);
      dropped.push({ key: other, bytes });
    }
    return dropped;
  }

  /** The keys of loaded values that were made of this one. */
  madeOf(key: string): string[] {
    return [...this.#kept].filter(([, { needs }]) => needs.has(key)).map(([other]) => other);
  }

  /** What is there, least recently used first. */
  list(): LoadedKey[] {
    return Array.from(this.#kept, ([key, { bytes }]) => ({ key, bytes }));
  }

  /** Copies of values, by key. */
  copies(wanted: (key: string) => boolean): Record<string, unknown> {
    const some = [...this.#kept].filter(([key]) => wanted(key));
    return Object.fromEntries(some.map(([key, value]) => [key, value.copy()]));
  }
}
