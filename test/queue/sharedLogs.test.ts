import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { QueueAddress } from "../../src/queue/address.ts";
import { PostgresServer } from "../../src/queue/postgres/postgresServer.ts";
import { tidy } from "../../src/queue/postgres/tidy.ts";
import { UNCLAIMED } from "../../src/queue/sharedLogs.ts";
import type { Shared } from "../../src/queue/shared.ts";
import { startProxy, type Proxy } from "./proxy.ts";
import type { TestServer } from "./servers.ts";
import { SERVERS, newQueue, openShared } from "./shares.ts";

const DAY_S = 24 * 60 * 60;

describe.each(SERVERS)("logs that are shared in $kind", ({ kind, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  const opened = async (address: QueueAddress): Promise<Shared> => {
    const shared = await openShared(address);
    onTestFinished(() => shared.close());
    return shared;
  };
  const throughProxy = async (): Promise<{ proxy: Proxy; direct: Shared; shared: Shared }> => {
    const proxy = await startProxy(server.url);
    onTestFinished(() => proxy.close());
    const address = newQueue(server.url);
    const direct = await opened(address);
    return { proxy, direct, shared: await opened({ ...address, url: proxy.url }) };
  };
  const all = async ({ logs }: Shared, name: string) =>
    (await logs.read(new Map([[name, 0]]))).get(name) ?? [];

  test("lines are read in order, from any position", async () => {
    const { logs } = await opened(newQueue(server.url));
    expect(await logs.append("runs/1", null, ["a", "b"])).toBe(true);
    expect(await logs.append("runs/1", null, [])).toBe(true);
    expect(await logs.append("runs/1", null, ["c", "", "ü\u{1F600}\n\t'\"\\"])).toBe(true);
    const read = async (position: number) => (await logs.read(new Map([["runs/1", position]]))).get("runs/1");
    expect(await read(0)).toEqual(["a", "b", "c", "", "ü\u{1F600}\n\t'\"\\"]);
    expect(await read(2)).toEqual(["c", "", "ü\u{1F600}\n\t'\"\\"]);
    expect(await read(5)).toBeUndefined();
    expect(await read(9)).toBeUndefined();
  });

  test("queues on one server have nothing of each other", async () => {
    const [one, other] = [await opened(newQueue(server.url)), await opened(newQueue(server.url))];
    await one.logs.append("log", null, ["of one"]);
    await one.files.put("file", Buffer.from("of one"));
    expect(await all(other, "log")).toEqual([]);
    expect(await other.files.get("file")).toBeNull();
    expect(await other.files.list("")).toEqual([]);
  });

  test("who claims a log takes it from whoever had it", async () => {
    const address = newQueue(server.url);
    const [one, other] = [await opened(address), await opened(address)];
    const first = await one.logs.claim("log");
    expect(first).toBe(1);
    expect(await one.logs.append("log", first, ["one"])).toBe(true);
    const second = await other.logs.claim("log");
    expect(second).toBe(2);
    expect(await one.logs.append("log", first, ["late"])).toBe(false);
    expect(await other.logs.append("log", second, ["other"])).toBe(true);
    expect(await one.logs.append("unclaimed", 1, ["x"])).toBe(false);
    expect(await all(one, "log")).toEqual(["one", "other"]);
    expect(await all(one, "unclaimed")).toEqual([]);
  });

  test("lines of whoever is the first claim a log, and no other's do", async () => {
    const address = newQueue(server.url);
    const [one, other] = [await opened(address), await opened(address)];
    const races = [one, other].map(({ logs }, at) => logs.append("log", UNCLAIMED, [`a${at}`, "b"]));
    const added = await Promise.all(races);
    expect([...added].sort()).toEqual([false, true]);
    const first = added[0] === true ? one : other;
    expect(await first.logs.append("log", UNCLAIMED, ["late"])).toBe(false);
    expect(await first.logs.append("log", 1, ["c"])).toBe(true);
    const again = first === one ? other : one;
    expect(await again.logs.claim("log")).toBe(2);
    expect(await first.logs.append("log", 1, ["late"])).toBe(false);
    expect(await again.logs.append("log", 2, ["d"])).toBe(true);
    expect(await all(one, "log")).toEqual([first === one ? "a0" : "a1", "b", "c", "d"]);
    await one.logs.claim("claimed");
    expect(await one.logs.append("claimed", UNCLAIMED, ["late"])).toBe(false);
    expect(await one.logs.append("short", UNCLAIMED, ["a"], { closes: true })).toBe(true);
    expect(await other.logs.append("short", await other.logs.claim("short"), ["b"])).toBe(false);
    expect(await all(one, "short")).toEqual(["a"]);
  });

  test("claims that race are all different", async () => {
    const address = newQueue(server.url);
    const shares = await Promise.all([1, 2, 3, 4].map(() => opened(address)));
    const claims = await Promise.all(
      shares.flatMap(({ logs }) => Array.from({ length: 10 }, () => logs.claim("log"))),
    );
    expect(claims.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  test("nothing is added to a log that is closed, whoever claims it", async () => {
    const shared = await opened(newQueue(server.url));
    const { logs } = shared;
    const claim = await logs.claim("log");
    const together = [
      logs.append("log", claim, ["a"]),
      logs.append("log", claim, ["b"], { closes: true }),
      logs.append("log", claim, ["c"]),
    ];
    expect(await Promise.all(together)).toEqual([true, true, false]);
    expect(await logs.append("log", null, ["d"])).toBe(false);
    expect(await logs.append("log", await logs.claim("log"), ["e"])).toBe(false);
    expect(await all(shared, "log")).toEqual(["a", "b"]);
    expect(await logs.append("empty", null, [], { closes: true })).toBe(true);
    expect(await logs.append("empty", null, ["x"])).toBe(false);
  });

  test("four who write at once lose nothing, and the lines of each stay together and in order", async () => {
    const address = newQueue(server.url);
    const shares = await Promise.all([0, 1, 2, 3].map(() => opened(address)));
    const writes = shares.flatMap(({ logs }, writer) =>
      Array.from({ length: 250 }, (_, at) =>
        logs.append("log", null, [`${writer} ${at} first`, `${writer} ${at} second`]),
      ),
    );
    expect(new Set(await Promise.all(writes))).toEqual(new Set([true]));
    const lines = await all(await opened(address), "log");
    expect(lines).toHaveLength(2_000);
    for (const writer of [0, 1, 2, 3]) {
      const own = lines.filter((line) => line.startsWith(`${writer} `));
      expect(own).toEqual(
        Array.from({ length: 250 }, (_, at) => [`${writer} ${at} first`, `${writer} ${at} second`]).flat(),
      );
    }
    for (let at = 0; at < lines.length; at += 2)
      expect(lines[at + 1]).toBe(lines[at]?.replace("first", "second"));
  });

  test("ten thousand logs are read at once", async () => {
    const { logs } = await opened(newQueue(server.url));
    const names = Array.from({ length: 10_000 }, (_, index) => `runs/${index}`);
    for (const name of names.filter((_, index) => index % 100 === 0))
      await logs.append(name, null, ["a", name]);
    const started = performance.now();
    const read = await logs.read(new Map(names.map((name) => [name, 1])));
    const tookMs = performance.now() - started;
    expect([...read]).toEqual(names.filter((_, index) => index % 100 === 0).map((name) => [name, [name]]));
    expect(tookMs).toBeLessThan(2_000);
  });

  test("an answer holds about 8 MiB, and always a line", async () => {
    const { logs } = await opened(newQueue(server.url));
    const line = "x".repeat(100_000);
    const names = ["runs/1", "runs/2", "runs/3"];
    for (const name of names)
      await logs.append(
        name,
        null,
        Array.from({ length: 40 }, () => line),
      );
    const huge = "y".repeat(9 * 1024 * 1024);
    await logs.append("runs/4", null, [huge, huge]);
    const positions = new Map([...names, "runs/4"].map((name) => [name, 0]));
    const sizes: number[] = [];
    for (;;) {
      const read = await logs.read(positions);
      if (read.size === 0) break;
      sizes.push([...read.values()].flat().reduce((sum, one) => sum + one.length, 0));
      for (const [name, lines] of read) positions.set(name, (positions.get(name) ?? 0) + lines.length);
    }
    expect([...positions.values()]).toEqual([40, 40, 40, 2]);
    expect(sizes[0]).toBeGreaterThan(8_000_000);
    expect(sizes[0]).toBeLessThan(8.6e6);
    expect(Math.max(...sizes)).toBeLessThan(18e6);
    await logs.append(
      "empty",
      null,
      Array.from({ length: 600_000 }, () => ""),
    );
    const empties = (await logs.read(new Map([["empty", 0]]))).get("empty") ?? [];
    expect(empties.length).toBeGreaterThan(100_000);
    expect(empties.length).toBeLessThan(600_000);
  });

  test("names may have any characters", async () => {
    const shared = await opened(newQueue(server.url));
    const names = [`a b'c"d\\e`, "ü/\u{1F600}", "*?[x]", "a:b:c", "$1; --", "/", "", "a\nb", "n".repeat(900)];
    for (const name of names) {
      const claim = await shared.logs.claim(name);
      expect(await shared.logs.append(name, claim, [name])).toBe(true);
    }
    expect(await shared.logs.read(new Map(names.map((name) => [name, 0])))).toEqual(
      new Map(names.map((name) => [name, [name]])),
    );
    await shared.logs.remove(names.slice(0, -1));
    expect([...(await shared.logs.read(new Map(names.map((name) => [name, 0])))).keys()]).toEqual(
      names.slice(-1),
    );
  });

  test("what is removed is gone, with its claim", async () => {
    const shared = await opened(newQueue(server.url));
    const claim = await shared.logs.claim("log");
    await shared.logs.append("log", claim, ["a"], { closes: true });
    await shared.logs.remove(["log", "none"]);
    await shared.logs.remove([]);
    expect(await all(shared, "log")).toEqual([]);
    expect(await shared.logs.append("log", claim, ["b"])).toBe(false);
    expect(await shared.logs.append("log", null, ["c"])).toBe(true);
    expect(await all(shared, "log")).toEqual(["c"]);
  });

  test("who watches a group hears of its logs alone", async () => {
    const address = newQueue(server.url);
    const [one, other] = [await opened(address), await opened(address)];
    const heard: string[] = [];
    const end = await one.logs.watch(
      "runs",
      (name) => heard.push(name),
      () => heard.push("gap"),
    );
    const again: string[] = [];
    const endAgain = await one.logs.watch(
      "runs",
      (name) => again.push(name),
      () => again.push("gap"),
    );
    await other.logs.append("batches/1", null, ["a"]);
    await other.logs.append("runs/1", null, ["a"]);
    await other.logs.append("runs/2/deep", null, [], { closes: true });
    await vi.waitFor(() => expect(heard).toEqual(["runs/1", "runs/2/deep"]));
    await vi.waitFor(() => expect(again).toEqual(["runs/1", "runs/2/deep"]));
    await end();
    await other.logs.append("runs/3", null, ["a"]);
    await vi.waitFor(() => expect(again).toContain("runs/3"));
    await endAgain();
    await other.logs.append("runs/4", null, ["a"]);
    await pause(200);
    expect(heard).toHaveLength(2);
    expect(again).toHaveLength(3);
  });

  test("after a cut, who watches is told of the gap once it hears again", async () => {
    const { proxy, direct, shared } = await throughProxy();
    const heard: string[] = [];
    await shared.logs.watch(
      "runs",
      (name) => heard.push(name),
      () => heard.push("gap"),
    );
    await shared.logs.watch(
      "others",
      (name) => heard.push(name),
      () => heard.push("gap of others"),
    );
    await direct.logs.append("runs/1", null, ["a"]);
    await vi.waitFor(() => expect(heard).toEqual(["runs/1"]));
    await proxy.cut();
    await direct.logs.append("runs/2", null, ["a"]);
    await pause(1_000);
    expect(heard).toEqual(["runs/1"]);
    await proxy.mend();
    await vi.waitFor(() => expect(heard).toEqual(["runs/1", "gap", "gap of others"]), 10_000);
    await direct.logs.append("runs/3", null, ["a"]);
    await vi.waitFor(() => expect(heard.slice(3)).toEqual(["runs/3"]));
  });

  test("calls wait while the server is away, and it is not flooded", async () => {
    const { proxy, shared } = await throughProxy();
    expect(await shared.logs.append("log", null, ["before"])).toBe(true);
    await proxy.cut("drop");
    const started = performance.now();
    const before = proxy.connections;
    const calls = Array.from({ length: 300 }, (_, index) =>
      index % 3 === 0
        ? shared.logs.append(`log/${index}`, null, [String(index)])
        : index % 3 === 1
          ? shared.logs.claim(`log/${index}`)
          : // What comes late may have come before.
            shared.logs.read(new Map([["log", 0]])).then((read) => read.get("log")?.[0]),
    );
    const late = shared.logs.append("log", null, ["after"]);
    const cpu = process.cpuUsage();
    await pause(3_000);
    const { user, system } = process.cpuUsage(cpu);
    expect(user + system).toBeLessThan(1_500_000);
    await proxy.mend();
    expect(new Set(await Promise.all(calls))).toEqual(new Set([true, 1, "before"]));
    expect(await late).toBe(true);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(proxy.connections - before).toBeLessThan(20);
    expect(await all(shared, "log")).toEqual(["before", "after"]);
  });

  test("what the server did before its answer was lost is not done twice", async () => {
    const { proxy, direct, shared } = await throughProxy();
    const first = await shared.logs.claim("log");
    expect(await shared.logs.append("log", first, ["1"])).toBe(true);
    const loseAnswer = async <T>(call: () => Promise<T>, isDone: () => Promise<unknown>): Promise<T> => {
      proxy.hush();
      const called = call();
      await vi.waitFor(async () => expect(await isDone()).toBe(true));
      await proxy.cut();
      await proxy.mend();
      return called;
    };
    const { logs, files } = shared;
    for (let at = 0; at < 3; at += 1) {
      const line = `a${at}`;
      const isAdded = async () => (await all(direct, "log")).includes(line);
      expect(await loseAnswer(() => logs.append("log", first, [line]), isAdded)).toBe(true);
      const close = () => logs.append(`closed ${at}`, null, ["last"], { closes: true });
      const isClosed = async () => (await all(direct, `closed ${at}`)).length === 1;
      expect(await loseAnswer(close, isClosed)).toBe(true);
      const put = () => files.put("file", Buffer.from(line), { over: tag });
      const tag: string | null = (await direct.files.get("file"))?.tag ?? null;
      const isPut = async () => (await direct.files.get("file"))?.bytes.toString() === line;
      expect(await loseAnswer(put, isPut)).toBe((await direct.files.get("file"))?.tag);
    }
    expect(await all(direct, "log")).toEqual(["1", "a0", "a1", "a2"]);
    proxy.hush();
    const claimed = logs.claim("claimed");
    await pause(500);
    await proxy.cut();
    await proxy.mend();
    expect(await claimed).toBe(1);
    expect(await direct.logs.claim("claimed")).toBe(2);
    const begin = () => logs.append("begun", UNCLAIMED, ["first"]);
    expect(await loseAnswer(begin, async () => (await all(direct, "begun")).length === 1)).toBe(true);
    expect(await logs.append("begun", 1, ["second"])).toBe(true);
    expect(await all(direct, "begun")).toEqual(["first", "second"]);
  });

  test("after a kill of the server in the midst of it, no acknowledged line is lost and none is there twice", async ({
    skip,
  }) => {
    skip(!server.isOurs, "a server that was not started here is not killed");
    const address = newQueue(server.url);
    const shares = await Promise.all([0, 1, 2].map(() => opened(address)));
    const acknowledged: string[] = [];
    let isOver = false;
    const grown = vi.fn<(name: string) => void>();
    const gaps = vi.fn<() => void>();
    await shares[0]?.logs.watch("log", grown, gaps);
    const writing = shares.map(async ({ logs }, writer) => {
      for (let at = 0; !isOver; at += 1) {
        const line = `${writer} ${at}`;
        expect(await logs.append("log", null, [line])).toBe(true);
        acknowledged.push(line);
      }
    });
    for (let kill = 0; kill < 3; kill += 1) {
      const before = acknowledged.length;
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 100), 20_000);
      await server.kill9();
      await pause(300);
      await server.restart();
    }
    const before = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 100), 20_000);
    isOver = true;
    await Promise.all(writing);
    const lines = await all(await opened(address), "log");
    expect([...lines].sort()).toEqual([...acknowledged].sort());
    // It may have been on its way back when the next kill came.
    await vi.waitFor(() => expect(gaps).toHaveBeenCalled(), 10_000);
    grown.mockClear();
    await vi.waitFor(async () => {
      await shares[1]?.logs.append("log", null, ["heard"]);
      expect(grown).toHaveBeenCalledWith("log");
    }, 10_000);
  });

  test("a server that is not there, or not ours, is told in a sentence without the password", async ({
    skip,
  }) => {
    skip(!server.isOurs, "other servers may take any password, and have TLS");
    const wrong = new URL(server.url);
    wrong.password = "wrong-one";
    const unknown = new URL(server.url);
    unknown.hostname = "nowhere.invalid";
    const database = new URL(server.url);
    database.pathname = kind === "redis" ? "/4711" : "/no_such_database";
    const encrypted = new URL(server.url);
    if (kind === "redis") encrypted.protocol = "rediss:";
    else encrypted.searchParams.set("sslmode", "verify-full");
    const closed = await startProxy(server.url);
    await closed.close();
    const cases: [URL, RegExp][] = [
      [wrong, kind === "redis" ? /WRONGPASS/ : /password authentication failed/],
      [unknown, /nowhere\.invalid/],
      [database, kind === "redis" ? /DB index is out of range/ : /"no_such_database" does not exist/],
      [encrypted, /SSL|TLS/],
      [new URL(closed.url), /ECONNREFUSED|no connection/],
    ];
    await Promise.all(
      cases.map(async ([url, reason]) => {
        const started = performance.now();
        const error: unknown = await openShared(newQueue(url.href)).catch((thrown: unknown) => thrown);
        const { name, message } = error as Error;
        expect({ url: url.pathname, name, message }).toMatchObject({ name: "UserError" });
        expect(message).toMatch(reason);
        expect(message).toContain(`${url.protocol}//${url.host}`);
        expect(message).not.toContain(url.password);
        expect(performance.now() - started).toBeLessThan(11_000);
      }),
    );
  });

  test("a server that takes connections and says nothing is given up when a queue is opened", async () => {
    const proxy = await startProxy(server.url);
    onTestFinished(() => proxy.close());
    proxy.hush();
    const started = performance.now();
    await expect(openShared(newQueue(proxy.url))).rejects.toThrow(/cannot be reached/);
    expect(performance.now() - started).toBeLessThan(12_000);
  });

  test("a connection that says nothing any more is given up for another one", async () => {
    const { proxy, direct, shared } = await throughProxy();
    const gaps = vi.fn<() => void>();
    await shared.logs.watch("log", () => undefined, gaps);
    proxy.hush();
    const added = shared.logs.append("log", null, ["a"]);
    await pause(15_000);
    expect(await all(direct, "log")).toEqual(["a"]);
    proxy.speak();
    expect(await added).toBe(true);
    expect(await all(shared, "log")).toEqual(["a"]);
    await vi.waitFor(() => expect(gaps).toHaveBeenCalled(), 45_000);
  }, 90_000);

  test("what waits when it is closed rejects", async () => {
    const { proxy, shared } = await throughProxy();
    await proxy.cut();
    const waiting = shared.logs.claim("log");
    await pause(300);
    await shared.close();
    await expect(waiting).rejects.toThrow(/closed/);
  });

  test("a queue of a newer version is left alone", async () => {
    const address = newQueue(server.url);
    await (await openShared(address)).close();
    if (kind === "redis") {
      const redis = new Redis(server.url);
      await redis.set(`${address.name}:format`, 99);
      redis.disconnect();
    } else await sql(server.url, `UPDATE "${address.name}".format SET number = 99`);
    await expect(openShared(address)).rejects.toThrow("was made by a newer opsvi-agents.");
  });

  test("many who open a new queue at once all get it", async () => {
    const address = newQueue(server.url);
    const shares = await Promise.all(Array.from({ length: 8 }, () => opened(address)));
    expect(await Promise.all(shares.map(({ logs }) => logs.append("log", null, ["a"])))).toEqual(
      shares.map(() => true),
    );
  });

  test("logs vanish: a day after they are closed, or when nobody has written for thirty", async () => {
    const address = newQueue(server.url);
    const shared = await opened(address);
    await shared.logs.append("closed", null, ["a"], { closes: true });
    await shared.logs.claim("closed");
    await shared.logs.append("open", null, ["a"]);
    await shared.logs.claim("claimed");
    if (kind === "redis") {
      const redis = new Redis(server.url);
      onTestFinished(() => redis.disconnect());
      const lasts = (key: string) => redis.ttl(`${address.name}:${key}`);
      for (const key of ["log:closed", "lines:closed"]) expectWithin(await lasts(key), DAY_S - 60, DAY_S);
      for (const key of ["lines:open", "log:claimed"])
        expectWithin(await lasts(key), 30 * DAY_S - 60, 30 * DAY_S);
      const others = await redis.keys(`${address.name}:*`);
      for (const key of others.filter((one) => !one.endsWith(":format")))
        expect(await redis.ttl(key)).not.toBe(-1);
      return;
    }
    const postgres = await PostgresServer.open(address);
    onTestFinished(() => postgres.close());
    const ages = [
      ["closed", "23 hours"],
      ["open", "29 days"],
    ] as const;
    const age = (name: string, by: string) =>
      sql(
        server.url,
        `UPDATE "${address.name}".logs SET changed_at = now() - interval '${by}' WHERE name = '${name}'`,
      );
    for (const [name, by] of ages) await age(name, by);
    await tidy(postgres);
    expect([await all(shared, "closed"), await all(shared, "open")]).toEqual([["a"], ["a"]]);
    await age("closed", "25 hours");
    await age("open", "31 days");
    await tidy(postgres);
    expect([await all(shared, "closed"), await all(shared, "open")]).toEqual([[], []]);
    expect(await sql(server.url, `SELECT name FROM "${address.name}".lines`)).toEqual([]);
    expect(await shared.logs.append("closed", null, ["new"])).toBe(true);
  });
});

function expectWithin(value: number, least: number, most: number): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

async function sql(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}
