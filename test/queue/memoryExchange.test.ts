import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { MemoryStore } from "../../src/runtime/index.ts";
import type { QueueAddress } from "../../src/queue/address.ts";
import { ExchangedFiles } from "../../src/queue/memory/exchangedFiles.ts";
import { MemoryExchange } from "../../src/queue/memory/memoryExchange.ts";
import type { SharedFiles } from "../../src/queue/sharedFiles.ts";
import { UserError } from "../../src/model/userError.ts";
import type { TestServer } from "./servers.ts";
import { newQueue, openShared, SERVERS } from "./shares.ts";

describe.each(SERVERS)("what agents remember, exchanged over $kind", ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  async function shared(address: QueueAddress = newQueue(server.url)): Promise<SharedFiles> {
    const opened = await openShared(address);
    onTestFinished(() => opened.close());
    return opened.files;
  }

  /** A workspace folder of a machine of its own. */
  async function machine(files: SharedFiles) {
    const root = await mkdtemp(join(tmpdir(), "machine-"));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    return onMachine(root, files);
  }

  const onMachine = (root: string, files: SharedFiles) => {
    const folder = join(root, ".proj-intel", "memory");
    const exchange = new MemoryExchange(files, root);
    let now = 0;
    const store = new MemoryStore({ folder, now: () => now || Date.now() });
    return {
      ...{ root, folder, store, exchange },
      agent: store.of("agent"),
      at: (time: number) => void (now = time),
      values: (namespace = "default") => {
        const mine = new MemoryStore({ folder }).of("agent");
        return Object.fromEntries(mine.entries({ namespace }).map(({ key, value }) => [key, value]));
      },
      /** All is well. */
      swap: async () => expect(await exchange.exchange()).toEqual([]),
    };
  };

  /** Counts the calls. */
  function counting(files: SharedFiles) {
    const calls: string[] = [];
    const counted: SharedFiles = {
      put: (...args) => (calls.push(`put ${args[0]}`), files.put(...args)),
      get: (name) => (calls.push(`get ${name}`), files.get(name)),
      list: (name) => (calls.push(`list ${name}`), files.list(name)),
      remove: (names) => (calls.push("remove"), files.remove(names)),
    };
    return { counted, take: () => calls.splice(0) };
  }

  test("one folder has what another one remembered, changed and forgot", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.set("city", { name: "Kyiv", big: 2n ** 70n }, { tags: ["place"] });
    a.agent.set("tea", "green", { namespace: "taste" });
    await a.swap();
    await b.swap();
    expect(b.agent.entry("city")).toEqual(a.agent.entry("city"));
    expect(b.values("taste")).toEqual({ tea: "green" });
    b.agent.set("city", "Lviv");
    b.agent.delete("tea", { namespace: "taste" });
    await b.swap();
    await a.swap();
    expect(a.values()).toEqual({ city: "Lviv" });
    expect(a.values("taste")).toEqual({});
    expect(await readdir(a.folder)).not.toContain("agent+taste.json");
    await b.swap();
    expect(b.values("taste")).toEqual({});
  });

  test("of two that write at once none loses a key, and the later value of one key stays", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.set("old", 1);
    await a.swap();
    await b.swap();
    a.at(2_000_000_000_000);
    b.at(2_000_000_001_000);
    a.agent.set("a", 1);
    a.agent.set("same", "earlier");
    b.agent.set("same", "later");
    b.agent.set("b", 2);
    b.agent.delete("old");
    await Promise.all([a.swap(), b.swap()]);
    await Promise.all([a.swap(), b.swap()]);
    for (const each of [a, b]) expect(each.values()).toEqual({ a: 1, b: 2, same: "later" });
  });

  test("what is written wins over what is forgotten meanwhile", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.set("key", 1);
    await a.swap();
    await b.swap();
    a.agent.delete("key");
    b.agent.set("key", 2);
    await a.swap();
    await b.swap();
    await a.swap();
    expect([a.values(), b.values()]).toEqual([{ key: 2 }, { key: 2 }]);
  });

  test("six folders, two processes in one of them, that write all the time end with the same", async () => {
    const files = await shared();
    const five = await Promise.all(Array.from({ length: 5 }, () => machine(files)));
    const all = [...five, onMachine(five[0]?.root ?? "", files)];
    await Promise.all(
      all.map(async ({ agent, swap }, number) => {
        for (let i = 0; i < 10; i += 1) {
          agent.set(`${number}.${i}`, i);
          if (i % 5 === 4) agent.delete(`${number}.${i - 1}`);
          await swap();
        }
      }),
    );
    for (let round = 0; round < 2; round += 1) for (const { swap } of all) await swap();
    const wanted = all.flatMap((_, number) =>
      [0, 1, 2, 4, 5, 6, 7, 9].map((i) => [`${number}.${i}`, i] as const),
    );
    for (const { values } of all) expect(values()).toEqual(Object.fromEntries(wanted));
  });

  test("a grant that one folder revoked is revoked in all", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.grant({ to: "other", access: "write" });
    a.agent.set("key", 1);
    await a.swap();
    await b.swap();
    expect(b.store.grants()).toEqual(a.store.grants());
    b.agent.revoke({ to: "other" });
    a.agent.grant({ to: "third" });
    await b.swap();
    await a.swap();
    await b.swap();
    for (const { store } of [a, b]) expect(store.grants().map(({ to }) => to)).toEqual(["third"]);
  });

  test("nobody remembers anything: an exchange is one call, a send none, and no folder is made", async () => {
    const { counted, take } = counting(await shared());
    const { root, exchange } = await machine(counted);
    await exchange.exchange();
    expect(take()).toEqual(["get memoryIndex"]);
    await exchange.send();
    expect(take()).toEqual([]);
    expect(existsSync(join(root, ".proj-intel"))).toBe(false);
  });

  test("what did not change is not sent; whoever asks while others wait gets theirs", async () => {
    const { counted, take } = counting(await shared());
    const { root, agent, exchange } = await machine(counted);
    agent.set("key", 1);
    await exchange.send();
    expect(take().filter((call) => call.startsWith("put memory/"))).toEqual(["put memory/agent.json"]);
    await exchange.send();
    expect(take()).toEqual([]);
    await exchange.exchange();
    expect(take()).toEqual(["get memoryIndex"]);
    // Another process of the folder.
    await new MemoryExchange(counted, root).exchange();
    expect(take()).toEqual(["get memoryIndex"]);
    await Promise.all(Array.from({ length: 50 }, () => exchange.exchange()));
    expect(take().length).toBeLessThanOrEqual(2);
  });

  test("a store that is begun anew makes nobody forget", async () => {
    const files = await shared();
    const a = await machine(files);
    a.agent.set("key", 1);
    await a.swap();
    await files.remove(["memory/agent.json", "memoryIndex"]);
    await a.swap();
    expect(a.values()).toEqual({ key: 1 });
    const b = await machine(files);
    await b.swap();
    expect(b.values()).toEqual({ key: 1 });
    await files.remove(["memory/agent.json"]);
    b.agent.set("more", 2);
    await b.swap();
    expect(b.values()).toEqual({ key: 1, more: 2 });
  });

  test("an exchange that is cut off at any call is made up for by the next one", async () => {
    for (const fails of [1, 2, 3, 4, 5, 6, 7]) {
      const files = await shared();
      const b = await machine(files);
      let left = Infinity;
      const cut = <T>(call: () => Promise<T>) =>
        (left -= 1) < 0 ? Promise.reject(new UserError("The server is gone.")) : call();
      const a = await machine({
        put: (...args) => cut(() => files.put(...args)),
        get: (name) => cut(() => files.get(name)),
        list: (name) => cut(() => files.list(name)),
        remove: (names) => cut(() => files.remove(names)),
      });
      a.agent.set("key", 1);
      a.agent.set("gone", 1);
      await a.swap();
      await b.swap();
      a.agent.delete("gone");
      a.agent.set("new", fails);
      left = fails - 1;
      const told = await a.exchange.exchange();
      expect(told).toEqual(left < 0 ? ["The server is gone."] : []);
      left = Infinity;
      await a.swap();
      await b.swap();
      expect(b.values()).toEqual({ key: 1, new: fails });
      await a.swap();
      expect(a.values()).toEqual({ key: 1, new: fails });
    }
  });

  test("what another one wrote before the count of an own write is not missed", async () => {
    const files = await shared();
    const b = await machine(files);
    let isFirst = true;
    const a = await machine({
      get: (name) => files.get(name),
      list: (name) => files.list(name),
      remove: (names) => files.remove(names),
      put: async (...args) => {
        const tag = await files.put(...args);
        if (args[0] !== "memory/agent.json" || !isFirst) return tag;
        isFirst = false;
        await b.swap();
        return tag;
      },
    });
    b.agent.set("b", 1);
    a.agent.set("a", 1);
    await a.swap();
    expect(isFirst).toBe(false);
    await a.swap();
    expect(a.values()).toEqual({ a: 1, b: 1 });
  });

  test("a damaged file is left alone with a sentence, and the others are exchanged", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.set("key", 1);
    a.store.of("other").set("key", 2);
    await writeFile(join(a.folder, "agent.json"), '{"schemaVersion":1');
    expect(await a.exchange.exchange()).toEqual([
      expect.stringMatching(/agent\.json is left alone: it is not complete JSON/),
    ]);
    await b.swap();
    expect(b.store.of("other").get("key")).toBe(2);
    expect(await readFile(join(a.folder, "agent.json"), "utf8")).toBe('{"schemaVersion":1');
  });

  test("names in the store lead nowhere, and files under another name are left alone", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    a.agent.set("key", 1);
    await a.swap();
    const file = await files.get("memory/agent.json");
    const { id } = JSON.parse(Buffer.from((await files.get("memoryIndex"))?.bytes ?? []).toString()) as {
      id: string;
    };
    const names = ["../up.json", ".hidden.json", "a/b.json", "other.json"];
    for (const name of names) await files.put(`memory/${name}`, file?.bytes ?? new Uint8Array());
    const counts = Object.fromEntries(names.map((name) => [name, 1]));
    await files.put("memoryIndex", Buffer.from(JSON.stringify({ id, counts })));
    expect(await b.exchange.exchange()).toEqual([
      "The memory other.json of the shared store is left alone: it is of another name.",
    ]);
    expect(await readdir(b.root, { recursive: true })).toEqual([]);
  });

  test("an id of the shared store that is none names no folder here", async () => {
    const files = await shared();
    const { exchange, agent, root, folder } = await machine(files);
    await writeFile(join(root, "package.json"), "mine");
    agent.set("city", "Kyiv");
    for (const id of ["../../..", "../../../..", root, "", "a/b", 7]) {
      await files.put("memoryIndex", Buffer.from(JSON.stringify({ id, counts: { "package.json": 1 } })));
      expect(await exchange.exchange()).toEqual([
        "What agents remember was not exchanged with the other machines: the shared store has no valid index of it. Whoever manages the server should see who wrote that.",
      ]);
    }
    expect(await readFile(join(root, "package.json"), "utf8")).toBe("mine");
    expect(await readdir(folder)).toEqual(["agent.json"]);
    expect(() => new ExchangedFiles(folder, "../../..")).toThrow();
  });

  test("names of the shared store that no file can have are left out", async () => {
    const files = await shared();
    const { exchange } = await machine(files);
    const counts = { [`${"a".repeat(300)}.json`]: 1, ["../a.json"]: 1, [".a.json"]: 1, ["a\0.json"]: 1 };
    await files.put("memoryIndex", Buffer.from(JSON.stringify({ id: randomUUID(), counts })));
    expect(await exchange.exchange()).toEqual([]);
  });

  test("more than 64 MiB is not carried, told in one sentence, and both sides keep theirs", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    const write = async ({ folder }: typeof a, key: string) => {
      await mkdir(folder, { recursive: true });
      const entry = { key, writtenAt: 1, writtenBy: "agent", value: "x".repeat(40 * 2 ** 20) };
      const file = { schemaVersion: 1, agent: "agent", namespace: "default", entries: [entry] };
      await writeFile(join(folder, "agent.json"), JSON.stringify(file));
    };
    await write(a, "a");
    await write(b, "b");
    await a.swap();
    expect(await b.exchange.exchange()).toEqual([
      'What agent "agent" remembers in namespace "default" is larger than 64 MiB and is not carried between machines: let it forget some, or divide it into namespaces.',
    ]);
    for (const [{ values }, key] of [[a, "a"] as const, [b, "b"] as const])
      expect(Object.keys(values())).toEqual([key]);
  });

  test("an agent that writes meanwhile is not overwritten", async () => {
    const files = await shared();
    const [a, b] = [await machine(files), await machine(files)];
    let count = 0;
    const writes: SharedFiles = {
      put: (...args) => files.put(...args),
      list: (name) => files.list(name),
      remove: (names) => files.remove(names),
      get: async (name) => {
        const file = await files.get(name);
        a.agent.set(`during ${(count += 1)}`, count);
        return file;
      },
    };
    b.agent.set("b", 1);
    await b.swap();
    expect(await new MemoryExchange(writes, a.root).exchange()).toEqual([]);
    expect(count).toBeGreaterThan(1);
    await a.swap();
    await b.swap();
    const wanted = Object.fromEntries(Array.from({ length: count }, (_, i) => [`during ${i + 1}`, i + 1]));
    for (const each of [a, b]) expect(each.values()).toEqual({ ...wanted, b: 1 });
  });

  test("what happens otherwise is told as well, and ends nothing", async () => {
    const broken = vi.fn(() => Promise.reject(new Error("socket hang up")));
    const files: SharedFiles = { put: broken, get: broken, list: broken, remove: broken };
    const { exchange } = await machine(files);
    expect(await exchange.exchange()).toEqual([
      "What agents remember was not exchanged with the other machines: socket hang up",
    ]);
  });
});
