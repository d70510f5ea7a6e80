import { type AbortSignalLike, onAbort, throwIfAborted } from "./abort.ts";
import { fieldOf } from "./errors.ts";

/** Whether a value has a `then`. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return typeof fieldOf(value, "then") === "function";
}

/** Whether a value is read piece by piece and later: an async iterable, as Node streams are, or a web stream. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  try {
    return (
      typeof value === "object" && value !== null && (Symbol.asyncIterator in value || isWebStream(value))
    );
  } catch {
    return false;
  }
}

interface WebStream {
  getReader(): { read(): Promise<IteratorResult<unknown, unknown>>; cancel(): Promise<unknown> };
  cancel(): Promise<unknown>;
}

/** Not every environment lets `for await` read one. */
const isWebStream = (value: object): value is WebStream =>
  "getReader" in value && typeof value.getReader === "function" && "locked" in value;

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

/**
 * Runs an async iterable or a stream to its end, like {@link collect}. An abort closes it at once: a stream that never
 * gives anything again would otherwise never end. Bytes stay what they are; listeners are told the text in them.
 */
export async function collectAsync(
  iterable: AsyncIterable<unknown>,
  signal: AbortSignalLike,
  onChunk?: (chunk: unknown) => void,
): Promise<unknown> {
  if (signal.aborted) discard(iterable);
  throwIfAborted(signal);
  const { next, close } = open(iterable);
  const chunks: unknown[] = [];
  const text = utf8();
  let closing: Promise<unknown> | null = null;
  const stop = () => {
    closing ??= close().catch(() => undefined);
  };
  const forget = onAbort(signal, stop);
  try {
    for (;;) {
      const turn = await next();
      throwIfAborted(signal);
      if (turn.done === true) return turn.value ?? chunks;
      chunks.push(turn.value);
      onChunk?.(text(turn.value));
    }
  } finally {
    forget();
    await (closing as Promise<unknown> | null);
  }
}

/** Ends a stream that nobody will read, so that it neither stays open nor ends the process with an error. */
export function discard(iterable: object): void {
  if (isWebStream(iterable)) void iterable.cancel().catch(() => undefined);
  if (!isNodeStream(iterable)) return;
  iterable.on("error", () => undefined);
  iterable.destroy();
}

interface NodeStream {
  on(event: "error", listener: () => void): unknown;
  destroy(): unknown;
}

const isNodeStream = (value: object): value is NodeStream =>
  "on" in value &&
  typeof value.on === "function" &&
  "destroy" in value &&
  typeof value.destroy === "function";

interface Source {
  next: () => PromiseLike<IteratorResult<unknown, unknown>>;
  close: () => Promise<unknown>;
}

function open(iterable: AsyncIterable<unknown> | WebStream): Source {
  if (isWebStream(iterable)) {
    const reader = iterable.getReader();
    return { next: () => reader.read(), close: () => reader.cancel() };
  }
  const iterator: AsyncIterator<unknown, unknown> = iterable[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    close: async () => {
      // What waits for a chunk of a stream is ended by the stream alone.
      discard(iterable);
      await iterator.return?.();
    },
  };
}

// The core is compiled without DOM and Node types, and runs where there is none of it.
declare const TextDecoder: (new () => Decoder) | undefined;

interface Decoder {
  decode(bytes: Uint8Array, options: { stream: boolean }): string;
}

/** Turns bytes into text across the borders of chunks; leaves all else as it is. */
function utf8(): (chunk: unknown) => unknown {
  let decoder: Decoder | null = null;
  return (chunk) => {
    if (Object.prototype.toString.call(chunk) !== "[object Uint8Array]") return chunk;
    if (typeof TextDecoder === "undefined") return chunk;
    decoder ??= new TextDecoder();
    return decoder.decode(chunk as Uint8Array, { stream: true });
  };
}
