import { type AbortSignalLike, throwIfAborted } from "./abort.ts";

/** Whether a value has a `then`. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Whether a value can be iterated with `for await`, as async generators and Node streams can. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Whether a value is what calling a `function*` gives: nothing of its body has run yet. */
export function isGenerator(value: unknown): value is Generator {
  try {
    return Object.prototype.toString.call(value) === "[object Generator]";
  } catch {
    return false;
  }
}

/** Runs a generator to its end: what it returns or, where that is undefined, the chunks. */
export function collect(generator: Generator, onChunk?: (chunk: unknown) => void): unknown {
  const chunks: unknown[] = [];
  for (;;) {
    const turn = generator.next() as IteratorResult<unknown, unknown>;
    if (turn.done === true) return turn.value ?? chunks;
    chunks.push(turn.value);
    onChunk?.(turn.value);
  }
}

/** Runs an async iterable to its end, like {@link collect}; closes it where the signal aborts. */
export async function collectAsync(
  iterable: AsyncIterable<unknown>,
  signal: AbortSignalLike,
  onChunk?: (chunk: unknown) => void,
): Promise<unknown> {
  const iterator: AsyncIterator<unknown, unknown> = iterable[Symbol.asyncIterator]();
  const chunks: unknown[] = [];
  let ended = false;
  try {
    for (;;) {
      const turn = await iterator.next();
      if (turn.done === true) {
        ended = true;
        return turn.value ?? chunks;
      }
      throwIfAborted(signal);
      chunks.push(turn.value);
      onChunk?.(turn.value);
    }
  } finally {
    if (!ended && signal.aborted) await iterator.return?.();
  }
}
