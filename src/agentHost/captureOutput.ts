import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { StringDecoder } from "node:string_decoder";

type Stream = "stdout" | "stderr";
type Sink = (stream: Stream, text: string) => void;

/**
 * Sends what this thread writes to standard output and error to `sink`, at once: Node's own forwarding needs a turn of
 * the thread's event loop, which an agent in a synchronous loop never gives. To be called once in a thread.
 * @returns begins to count anew, given how many bytes of both together are of interest
 */
export function captureOutput(sink: Sink): (most: number) => void {
  const { take, restart } = decode(sink);
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].write = (chunk: unknown, encoding?: unknown, callback?: unknown) => {
      const done = isFunction(encoding) ? encoding : callback;
      take(stream, bytesOf(chunk, encoding));
      if (isFunction(done)) process.nextTick(done);
      return true;
    };
  }
  captureDescriptors(take);
  return restart;
}

/** Loggers such as pino write to the file descriptors themselves, which are the whole process's. */
function captureDescriptors(sink: (stream: Stream, bytes: Buffer) => void): void {
  const { write, writeSync } = fs;
  const take = ([fd, data, offset, length]: unknown[]): number | null => {
    const stream = fd === 1 ? "stdout" : fd === 2 ? "stderr" : null;
    if (stream === null) return null;
    const from = typeof offset === "number" ? offset : 0;
    const whole = bytesOf(data);
    const bytes = whole.subarray(from, typeof length === "number" ? from + length : whole.length);
    sink(stream, bytes);
    return bytes.length;
  };
  const replacements = {
    writeSync: (...args: unknown[]): unknown => take(args) ?? Reflect.apply(writeSync, fs, args),
    write: (...args: unknown[]): unknown => {
      const written = take(args);
      if (written === null) return Reflect.apply(write, fs, args);
      const callback = args.at(-1);
      if (isFunction(callback)) setImmediate(() => callback(null, written, args[1]));
      return undefined;
    },
  };
  // With the originals' own properties: util.promisify reads some of them.
  Object.defineProperties(replacements.write, Object.getOwnPropertyDescriptors(write));
  Object.assign(fs, replacements);
  syncBuiltinESMExports();
}

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === "function";

function bytesOf(chunk: unknown, encoding?: unknown): Buffer {
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const known = typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8";
  return Buffer.from(String(chunk), known);
}

/** A character may arrive in two pieces, where a child process is piped through. */
function decode(sink: Sink) {
  const decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  let most = -1;
  let taken = 0;
  const take = (stream: Stream, bytes: Buffer): void => {
    // A little more than the run keeps, which then says that its log ends.
    if (taken > most) return;
    taken += bytes.length;
    sink(stream, decoders[stream].write(bytes.subarray(0, most + 4)));
  };
  const restart = (bytes: number): void => {
    most = bytes;
    taken = 0;
  };
  return { take, restart };
}
