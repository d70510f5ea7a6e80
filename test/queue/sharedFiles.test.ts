import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { QueueAddress } from "../../src/queue/address.ts";
import { PostgresServer } from "../../src/queue/postgres/postgresServer.ts";
import { tidy } from "../../src/queue/postgres/tidy.ts";
import type { Shared } from "../../src/queue/shared.ts";
import type { SharedFiles } from "../../src/queue/sharedFiles.ts";
import { startProxy } from "./proxy.ts";
import type { TestServer } from "./servers.ts";
import { SERVERS, newQueue, openShared } from "./shares.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe.each(SERVERS)("files that are shared in $kind", ({ kind, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  const opened = async (address: QueueAddress = newQueue(server.url)): Promise<Shared> => {
    const shared = await openShared(address);
    onTestFinished(() => shared.close());
    return shared;
  };
  const textOf = async (files: SharedFiles, name: string) => {
    const file = await files.get(name);
    return file === null ? null : Buffer.from(file.bytes).toString();
  };

  test("a file has the bytes that were put last, whoever reads it", async () => {
    const address = newQueue(server.url);
    const [{ files }, { files: others }] = [await opened(address), await opened(address)];
    const all = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    const tag = await files.put("folder/file", all);
    const read = await others.get("folder/file");
    expect(read?.tag).toBe(tag);
    expect([...(read?.bytes ?? [])]).toEqual([...all]);
    await others.put("folder/file", all.subarray(3, 5));
    expect([...((await files.get("folder/file"))?.bytes ?? [])]).toEqual([3, 4]);
    await files.put("empty", new Uint8Array());
    expect((await others.get("empty"))?.bytes).toHaveLength(0);
    expect(await files.get("none")).toBeNull();
  });

  test("large files come through whole", async () => {
    const { files } = await opened();
    const large = Buffer.alloc(20 * 1024 * 1024, "0123456789abcdef-");
    const tag = await files.put("large", large);
    const read = await files.get("large");
    expect(read?.tag).toBe(tag);
    expect(Buffer.compare(read?.bytes ?? Buffer.of(), large)).toBe(0);
  });

  test("tags differ where the bytes do", async () => {
    const { files } = await opened();
    const first = await files.put("file", bytesOf("one"));
    const second = await files.put("file", bytesOf("two"));
    expect(first).toMatch(/./);
    expect(second).not.toBe(first);
    expect((await files.get("file"))?.tag).toBe(second);
  });

  test("folders list their own files, sorted", async () => {
    const { files } = await opened();
    const names = ["b", "a/z", "a/B", "a/ü", "a/\u{1F600}", "a/b/c", "a/*", "ab/x", "a//d", "a/it's"];
    for (const name of names) await files.put(name, bytesOf(name));
    expect(await files.list("a")).toEqual(["a/*", "a/B", "a/it's", "a/z", "a/ü", "a/\u{1F600}"]);
    expect(await files.list("a/b")).toEqual(["a/b/c"]);
    expect(await files.list("a/")).toEqual(["a//d"]);
    expect(await files.list("")).toEqual(["b"]);
    expect(await files.list("none")).toEqual([]);
    for (const name of names) expect(await textOf(files, name)).toBe(name);
    await files.remove(["a/z", "a/*", "none"]);
    await files.remove([]);
    expect(await files.list("a")).toEqual(["a/B", "a/it's", "a/ü", "a/\u{1F600}"]);
    expect(await files.get("a/z")).toBeNull();
  });

  test("a file is replaced only where it is the one that was read", async () => {
    const { files } = await opened();
    const first = await files.put("file", bytesOf("1"), { over: null });
    expect(first).not.toBeNull();
    expect(await files.put("file", bytesOf("2"), { over: null })).toBeNull();
    expect(await files.put("file", bytesOf("2"), { over: "other" })).toBeNull();
    expect(await textOf(files, "file")).toBe("1");
    const second = await files.put("file", bytesOf("2"), { over: first });
    expect(second).not.toBeNull();
    expect(await files.put("file", bytesOf("3"), { over: first })).toBeNull();
    expect(await textOf(files, "file")).toBe("2");
    await files.remove(["file"]);
    expect(await files.put("file", bytesOf("3"), { over: second })).toBeNull();
    expect(await files.put("file", bytesOf("3"), { over: null })).not.toBeNull();
  });

  test("of two who make the same file one does, also where both have the same to write", async () => {
    const address = newQueue(server.url);
    const both = [await opened(address), await opened(address)];
    for (let round = 0; round < 30; round += 1) {
      const made = await Promise.all(
        both.map(({ files }) => files.put(`file ${round}`, bytesOf("same"), { over: null })),
      );
      expect(made.filter((tag) => tag !== null)).toHaveLength(1);
    }
  });

  test("two who count on a file at once lose no count", async () => {
    const address = newQueue(server.url);
    const both = [await opened(address), await opened(address)];
    const count = async (files: SharedFiles) => {
      for (let at = 0; at < 50;) {
        const read = await files.get("count");
        const next = read === null ? 1 : Number(Buffer.from(read.bytes)) + 1;
        if ((await files.put("count", bytesOf(String(next)), { over: read?.tag ?? null })) !== null) at += 1;
      }
    };
    await Promise.all(both.map(({ files }) => count(files)));
    expect(await textOf(both[0]?.files as SharedFiles, "count")).toBe("100");
  });

  test("two who count lose no count either while connections break", async () => {
    const address = newQueue(server.url);
    const proxy = await startProxy(server.url);
    onTestFinished(() => proxy.close());
    const { files } = await opened({ ...address, url: proxy.url });
    const { files: others } = await opened(address);
    const breakSoon = async () => {
      proxy.hush();
      await pause(100);
      await proxy.cut();
      await proxy.mend();
    };
    let isOver = false;
    const counted = async (on: SharedFiles, breaks: boolean) => {
      let count = 0;
      for (let round = 1; !isOver; round += 1) {
        const read = await on.get("count");
        const next = bytesOf(read === null ? "1" : String(Number(Buffer.from(read.bytes)) + 1));
        const broken = breaks && round % 10 === 0 ? breakSoon() : null;
        if ((await on.put("count", next, { over: read?.tag ?? null })) !== null) count += 1;
        await broken;
        await pause(1);
      }
      return count;
    };
    const counts = Promise.all([counted(files, true), counted(others, false)]);
    await pause(3_000);
    isOver = true;
    const [first, second] = await counts;
    expect(Math.min(first, second)).toBeGreaterThan(10);
    expect(await textOf(others, "count")).toBe(String(first + second));
  });

  test.runIf(kind === "redis")("a folder that nobody lists forgets the files that are gone", async () => {
    const address = newQueue(server.url);
    const { files } = await opened(address);
    await files.put("folder/d", bytesOf("d"), { lastsMs: 60_000 });
    for (const name of ["a", "b", "c"]) await files.put(`folder/${name}`, bytesOf(name), { lastsMs: 100 });
    await pause(200);
    await files.put("folder/e", bytesOf("e"), { lastsMs: 70_000 });
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    expect(await redis.zrange(`${address.name}:folder:folder`, 0, -1)).toEqual(["folder/d", "folder/e"]);
  });

  test("a file that lasts for a while is gone after it, and nothing of it is left", async () => {
    const address = newQueue(server.url);
    const { files } = await opened(address);
    await files.put("folder/short", bytesOf("a"), { lastsMs: 700 });
    await files.put("folder/long", bytesOf("b"), { lastsMs: 60_000 });
    await files.put("folder/kept", bytesOf("c"), { lastsMs: 700 });
    await files.put("folder/kept", bytesOf("c"));
    await files.put("other/short", bytesOf("d"), { lastsMs: 700.5 });
    expect(await files.list("folder")).toEqual(["folder/kept", "folder/long", "folder/short"]);
    expect(await textOf(files, "folder/short")).toBe("a");
    await vi.waitFor(async () => expect(await files.get("folder/short")).toBeNull(), 3_000);
    await pause(100);
    expect(await files.list("folder")).toEqual(["folder/kept", "folder/long"]);
    expect(await files.put("folder/short", bytesOf("e"), { over: null })).not.toBeNull();
    expect(await files.list("other")).toEqual([]);
    if (kind === "redis") {
      const redis = new Redis(server.url);
      onTestFinished(() => redis.disconnect());
      const keys = await redis.keys(`${address.name}:*`);
      expect(keys.filter((key) => key.includes("other") && !key.includes(":put:"))).toEqual([]);
      return;
    }
    const postgres = await PostgresServer.open(address);
    onTestFinished(() => postgres.close());
    await tidy(postgres);
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query(`SELECT name FROM "${address.name}".files ORDER BY name`);
    await client.end();
    expect(rows).toEqual(["folder/kept", "folder/long", "folder/short"].map((name) => ({ name })));
  });
});
