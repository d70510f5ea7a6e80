import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import {
  type AgentEvent,
  type ExecuteOptions,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

const adapt = (run: (...args: never[]) => unknown) =>
  new UniversalAgentAdapter({ run }, { agentType: "unit" });

const web = (...chunks: unknown[]) =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

const closed = (stream: Readable) => new Promise<void>((resolve) => stream.once("close", resolve));

async function collected(run: () => unknown, options: ExecuteOptions = {}) {
  const progress: (string | undefined)[] = [];
  const onEvent = (event: AgentEvent) => {
    if (event.type === "progress") progress.push(event.message);
  };
  const result = await adapt(run).executeAsync({}, { ...options, onEvent });
  return { result, progress };
}

describe("what comes piece by piece is collected, and each piece reported", () => {
  it.each<[string, () => unknown, unknown, string[]]>([
    ["a stream of objects", () => Readable.from(["a", { b: 1 }]), ["a", { b: 1 }], ["a", '{"b":1}']],
    ["a stream of text", () => Readable.from(["ä", "b"], { encoding: "utf8" }), ["ä", "b"], ["ä", "b"]],
    ["an async generator", () => Readable.from(["x"])[Symbol.asyncIterator](), ["x"], ["x"]],
    ["a web stream", () => web("w"), ["w"], ["w"]],
    ["a promise of a stream", () => Promise.resolve(Readable.from(["p"])), ["p"], ["p"]],
    ["an empty stream", () => Readable.from([]), [], []],
  ])("%s", async (_, make, value, messages) => {
    const { result, progress } = await collected(make);
    expect(result).toMatchObject({ status: "success", value });
    expect(progress).toEqual(messages);
  });

  it("a web stream that cannot be iterated", async () => {
    const stream = web(1, 2);
    const bare = { locked: false, getReader: () => stream.getReader(), cancel: () => stream.cancel() };
    expect((await collected(() => bare)).result).toMatchObject({ value: [1, 2] });
  });

  it("bytes as they are; their text is told across the borders of the pieces", async () => {
    const bytes = Buffer.from("aä€😀z");
    const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    const { result, progress } = await collected(() => Readable.from(pieces, { objectMode: false }));
    expect(Buffer.concat((result as { value: Uint8Array[] }).value).equals(bytes)).toBe(true);
    expect(progress.join("")).toBe("aä€😀z");
  });

  it("what an iterator returns at its end counts more than its pieces", async () => {
    async function* steps() {
      yield await Promise.resolve("step");
      return { answer: 42 };
    }
    expect((await collected(steps)).result).toMatchObject({ value: { answer: 42 } });
  });
});

describe("a stream that fails fails the execution", () => {
  it("with its own error", async () => {
    const error = new Error("cut");
    const stream = new PassThrough({ objectMode: true });
    stream.write("a");
    setImmediate(() => stream.destroy(error));
    const { result, progress } = await collected(() => stream);
    expect(result.status === "failed" && result.cause).toBe(error);
    expect(progress).toEqual(["a"]);
    const failing = new ReadableStream({ pull: () => Promise.reject(error) });
    expect((await collected(() => failing)).result).toMatchObject({ status: "failed", cause: error });
  });

  it("where it is closed before its end", async () => {
    const stream = new PassThrough();
    setImmediate(() => stream.destroy());
    expect((await collected(() => stream)).result).toMatchObject({ status: "failed" });
  });
});

describe("an abort closes what never gives anything again", () => {
  it("a Node stream", async () => {
    const stream = new PassThrough();
    const end = closed(stream);
    const controller = new AbortController();
    const adapter = adapt(() => stream);
    adapter.initialize();
    const running = adapter.executeAsync({}, { signal: controller.signal });
    setImmediate(() => controller.abort());
    expect(await running).toMatchObject({ status: "failed", aborted: true });
    await end;
    expect(stream.destroyed).toBe(true);
    // What was aborted has ended: the agent is free again.
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => adapter.execute({})).not.toThrow();
  });

  it("a web stream", async () => {
    let reason: unknown = "open";
    const stream = new ReadableStream({ cancel: (why) => void (reason = why) });
    const controller = new AbortController();
    const running = adapt(() => stream).executeAsync({}, { signal: controller.signal });
    setImmediate(() => controller.abort());
    expect(await running).toMatchObject({ aborted: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(reason).toBeUndefined();
  });

  it("an iterator, once; and an async generator may clean up", async () => {
    let returned = 0;
    let give: (turn: IteratorResult<string>) => void = () => undefined;
    const iterator = {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () => new Promise<IteratorResult<string>>((resolve) => (give = resolve)),
      return: () => {
        returned += 1;
        give({ done: true, value: undefined });
        return Promise.reject(new Error("ignored"));
      },
    };
    const controller = new AbortController();
    const running = adapt(() => iterator).executeAsync({}, { signal: controller.signal });
    setImmediate(() => controller.abort());
    expect(await running).toMatchObject({ aborted: true });
    expect(returned).toBe(1);
  });

  it("a stream that arrives when it is too late", async () => {
    const stream = new PassThrough();
    const end = closed(stream);
    const controller = new AbortController();
    let arrive: (stream: Readable) => void = () => undefined;
    const running = adapt(() => new Promise((resolve) => (arrive = resolve))).executeAsync(
      {},
      { signal: controller.signal },
    );
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await running;
    arrive(stream);
    await end;
    expect(stream.destroyed).toBe(true);
  });
});

it("a synchronous execution ends the stream that nobody will read, whose error ends no process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "streams-"));
  const file = join(folder, "a");
  writeFileSync(file, "x");
  for (const path of [file, join(folder, "missing")]) {
    const stream = createReadStream(path);
    const end = closed(stream);
    expect(adapt(() => stream).execute({})).toMatchObject({ error: { name: "AgentUsageError" } });
    await end;
    expect(stream.destroyed).toBe(true);
  }
  let cancelled = false;
  const unread = new ReadableStream({ cancel: () => void (cancelled = true) });
  expect(adapt(() => unread).execute({}).status).toBe("failed");
  await new Promise((resolve) => setImmediate(resolve));
  expect(cancelled).toBe(true);
  rmSync(folder, { recursive: true });
});
