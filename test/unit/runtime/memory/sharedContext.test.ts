import { describe, expect, it } from "vitest";
import {
  AgentUsageError,
  type ContextLoader,
  type LoaderContext,
  MemoryAccessError,
  SharedContext,
} from "../../../../src/runtime/index.ts";

/** A promise that a test settles. */
function deferred<T = unknown>() {
  let settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | null = null;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return {
    promise,
    resolve: (value: T) => settle?.resolve(value),
    reject: (error: unknown) => settle?.reject(error),
  };
}

/** A loader that counts its calls. */
function counting(value: (call: number) => unknown): ContextLoader & { calls: number } {
  const loader = Object.assign(() => value((loader.calls += 1)), { calls: 0 });
  return loader;
}

describe("shared context", () => {
  it("is loaded by key, on first use, once", () => {
    const context = new SharedContext();
    const plan = counting(() => ({ steps: ["a"] }));
    const notes = counting(() => "notes");
    context.provide("plan", plan, { description: "what is to be done" });
    context.provide("notes", notes);
    expect(context.keys()).toEqual([
      { key: "plan", description: "what is to be done", loaded: false, bytes: null },
      { key: "notes", description: "", loaded: false, bytes: null },
    ]);
    expect([context.loaded(), context.bytes, context.snapshot()]).toEqual([[], 0, {}]);
    expect([context.get("plan"), context.get("plan")]).toEqual([{ steps: ["a"] }, { steps: ["a"] }]);
    expect([plan.calls, notes.calls]).toEqual([1, 0]);
    const [only] = context.loaded();
    expect(only).toEqual({ key: "plan", bytes: expect.any(Number) as number });
    expect(context.bytes).toBe(only?.bytes);
    expect(context.keys()[0]).toMatchObject({ loaded: true, bytes: only?.bytes });
    expect(context.snapshot()).toEqual({ plan: { steps: ["a"] } });
    expect([context.has("plan"), context.has("other")]).toEqual([true, false]);
  });

  it("gives copies", () => {
    const context = new SharedContext();
    const given = { bytes: new Uint8Array([1, 2]), buffer: Buffer.from("ab"), map: new Map([["k", [1]]]) };
    context.provide("v", () => given);
    const first = context.get("v") as typeof given;
    expect(first).toEqual(given);
    for (const copy of [first, given, context.snapshot()["v"] as typeof given]) {
      copy.bytes[0] = 9;
      copy.buffer[0] = 9;
      copy.map.clear();
    }
    expect(context.get("v")).toEqual({
      bytes: new Uint8Array([1, 2]),
      buffer: Buffer.from("ab"),
      map: new Map([["k", [1]]]),
    });
  });

  it("takes only plain data, and names what is not", async () => {
    const context = new SharedContext();
    context.provide("f", () => ({ deep: { run: () => 1 } }));
    context.provide("async", () => Promise.resolve(new WeakMap()));
    const deep: unknown[] = [];
    for (let list = deep, i = 0; i < 1e5; i += 1) list.push((list = []));
    expect(() => context.get("f")).toThrow(AgentUsageError);
    expect(() => context.get("f")).toThrow(
      /The value of "f" cannot be shared: value\.deep\.run \(function\)/,
    );
    await expect(context.getAsync("async")).rejects.toThrow(/cannot be shared: value \(WeakMap\)/);
    expect(() => context.set("deep", deep)).toThrow(/The value of "deep" cannot be shared: /);
    expect([context.loaded(), context.has("deep")]).toEqual([[], false]);
  });

  it("keeps keys of prototypes as any other", () => {
    const context = new SharedContext();
    for (const key of ["__proto__", "constructor"]) {
      expect(() => context.get(key)).toThrow(/There is no/);
      context.provide(key, () => key);
      expect(context.get(key)).toBe(key);
    }
    expect(Object.entries(context.snapshot())).toEqual([
      ["__proto__", "__proto__"],
      ["constructor", "constructor"],
    ]);
  });

  it("refuses what cannot be", async () => {
    const context = new SharedContext();
    context.provide("k", () => 1);
    expect(() => context.provide("k", () => 2)).toThrow(
      /"k" is provided already: remove it first, or set replace/,
    );
    expect(() => context.provide("x", 5 as unknown as ContextLoader)).toThrow(/is not a function: set\(\)/);
    expect(() => context.provide("", () => 1)).toThrow(/A key is a text/);
    expect(() => context.set("", 1)).toThrow(/A key is a text/);
    expect(() => context.get("never")).toThrow(
      'There is no "never" in the shared context: provide() or set() it first.',
    );
    await expect(context.getAsync("never")).rejects.toThrow(AgentUsageError);
    for (const maxBytes of [0, -1, NaN, "x" as unknown as number]) {
      expect(() => new SharedContext({ maxBytes })).toThrow(/maxBytes/);
    }
    expect(() => context.on("never" as "set", () => undefined)).toThrow(
      /no event "never"; it has loaded, set/,
    );
  });

  it("tries a failed load again at the next use", async () => {
    const context = new SharedContext();
    const loader = counting((call) => {
      if (call % 2 === 1) throw new RangeError(`call ${call}`);
      return call;
    });
    context.provide("k", loader);
    expect(() => context.get("k")).toThrow(RangeError);
    expect(context.get("k")).toBe(2);
    context.invalidate("k");
    await expect(context.getAsync("k")).rejects.toThrow("call 3");
    expect([await context.getAsync("k"), context.get("k"), loader.calls]).toEqual([4, 4, 4]);
  });

  it("says where a loader needs getAsync(), and drops its promise", async () => {
    const context = new SharedContext();
    const loader = counting((call) =>
      call === 1 ? Promise.reject(new Error("unseen")) : Promise.resolve(call),
    );
    context.provide("k", loader);
    expect(() => context.get("k")).toThrow(
      'The loader of "k" returns a promise: use getAsync() instead of get().',
    );
    expect(await context.getAsync("k")).toBe(2);
    expect(context.get("k")).toBe(2);
  });

  it("lets all who ask meanwhile wait for one load", async () => {
    const context = new SharedContext();
    const { promise, resolve } = deferred();
    const loader = counting(() => promise);
    context.provide("k", loader);
    const [first, second] = [context.getAsync("k"), context.getAsync("k")];
    expect(() => context.get("k")).toThrow('"k" is being loaded: use getAsync() to wait for it.');
    resolve({ n: 1 });
    const values = await Promise.all([first, second]);
    expect(values).toEqual([{ n: 1 }, { n: 1 }]);
    expect(values[0]).not.toBe(values[1]);
    expect(loader.calls).toBe(1);

    const failing = deferred();
    context.provide("f", () => failing.promise);
    const both = [context.getAsync("f"), context.getAsync("f")];
    failing.reject(new Error("both"));
    for (const one of both) await expect(one).rejects.toThrow("both");
  });

  it("is set as well as loaded, until it is invalidated", () => {
    const context = new SharedContext();
    const value = { n: 1 };
    context.set("k", value, { description: "a number" });
    value.n = 2;
    expect(context.get("k")).toEqual({ n: 1 });
    context.set("k", undefined);
    expect([context.get("k"), context.keys()]).toEqual([
      undefined,
      [expect.objectContaining({ key: "k", description: "a number", loaded: true })],
    ]);
    expect([context.invalidate("k"), context.has("k"), context.invalidate("k")]).toEqual([
      true,
      false,
      false,
    ]);

    context.provide("l", () => "loaded");
    context.set("l", "set");
    expect(context.get("l")).toBe("set");
    context.invalidate("l");
    expect(context.get("l")).toBe("loaded");
    context.provide("l", () => "new", { replace: true });
    expect(context.get("l")).toBe("new");
    expect([context.remove("l"), context.remove("l"), context.has("l"), context.bytes]).toEqual([
      true,
      false,
      false,
      0,
    ]);
  });
});

describe("loaders that need other keys", () => {
  it("get them through their argument, or directly", async () => {
    const context = new SharedContext();
    context.provide("a", (loader) => `${String(loader.get("b"))}a`);
    context.provide("b", () => `${String(context.get("c"))}b`);
    context.provide("c", () => "c");
    context.provide("d", async (loader) => [await loader.getAsync("a"), await loader.getAsync("e")]);
    context.provide("e", () => Promise.resolve("e"));
    expect(context.get("a")).toBe("cba");
    expect(await context.getAsync("d")).toEqual(["cba", "e"]);
  });

  it("are told of a circle, which is named", async () => {
    const context = new SharedContext();
    context.provide("a", (loader) => loader.get("b"));
    context.provide("b", () => context.get("c"));
    context.provide("c", (loader) => loader.get("a"));
    context.provide("self", (loader) => loader.get("self"));
    expect(() => context.get("a")).toThrow(AgentUsageError);
    expect(() => context.get("a")).toThrow(
      'The shared context cannot load "a": a needs b needs c needs a. Break this circle.',
    );
    expect(() => context.get("c")).toThrow("c needs a needs b needs c");
    expect(() => context.get("self")).toThrow("self needs self");
    await expect(context.getAsync("a")).rejects.toThrow("a needs b needs c needs a");
    context.provide("c", () => 1, { replace: true });
    expect(context.get("a")).toBe(1);
  });

  it.each(["at once", "later", "through a promise and at once"])(
    "are told of a circle that they ask for %s",
    async (when) => {
      const context = new SharedContext();
      const ask = (key: string) => async (loader: LoaderContext) => {
        if (when === "later") await Promise.resolve();
        return loader.getAsync(key);
      };
      context.provide("a", ask("b"));
      context.provide("b", ask("c"));
      context.provide("c", when.startsWith("through") ? (loader) => loader.get("a") : ask("a"));
      await expect(context.getAsync("a")).rejects.toThrow(/a needs b needs c needs a/);
      // Seen from b, c finds first that it cannot get a without a promise.
      const fromB = when.startsWith("through") ? /"a" returns a promise/ : /b needs c needs a needs b/;
      await expect(context.getAsync("b")).rejects.toThrow(fromB);
    },
  );

  it("are told of a circle of loads that began apart", async () => {
    const context = new SharedContext();
    const { promise, resolve } = deferred();
    const ask = (key: string) => async (loader: LoaderContext) => {
      await promise;
      return loader.getAsync(key);
    };
    context.provide("a", ask("b"));
    context.provide("b", ask("a"));
    const both = [context.getAsync("a"), context.getAsync("b")];
    resolve(1);
    for (const one of both) await expect(one).rejects.toThrow(/(a needs b needs a|b needs a needs b)/);
  });

  it("may need one key in many ways", async () => {
    const context = new SharedContext();
    const base = counting(() => Promise.resolve(1));
    context.provide("base", base);
    for (const key of ["l", "r"]) context.provide(key, (loader) => loader.getAsync("base"));
    context.provide("top", (loader) =>
      Promise.all(["l", "r", "base", "base"].map((key) => loader.getAsync(key))),
    );
    expect(await context.getAsync("top")).toEqual([1, 1, 1, 1]);
    expect(base.calls).toBe(1);
  });

  it("may keep their argument: it is as the context itself then", async () => {
    const context = new SharedContext();
    const kept: LoaderContext[] = [];
    context.provide("a", (loader) => kept.push(loader));
    context.get("a");
    context.provide("b", () => kept[0]?.get("a"));
    expect([context.get("b"), await kept[0]?.getAsync("b")]).toEqual([1, 1]);
    context.provide("c", () => kept[0]?.get("c"));
    expect(() => context.get("c")).toThrow("c needs c");
  });

  it("invalidate what they need, and what was made of it goes too", async () => {
    const context = new SharedContext();
    let n = 0;
    context.provide("c", () => (n += 1));
    context.provide("b", (loader) => loader.get("c"));
    context.provide("a", async (loader) => [await loader.getAsync("b")]);
    context.provide("other", () => "other");
    context.get("other");
    expect(await context.getAsync("a")).toEqual([1]);
    expect(context.invalidate("c")).toBe(true);
    expect(context.loaded().map(({ key }) => key)).toEqual(["other"]);
    expect(await context.getAsync("a")).toEqual([2]);
    context.set("c", 10);
    expect(await context.getAsync("a")).toEqual([10]);
    context.set("b", 20);
    expect(await context.getAsync("a")).toEqual([20]);
    expect(context.invalidate("never")).toBe(false);
  });
});

describe("what is invalidated while it is loaded", () => {
  it("reaches those who wait, and is not kept", async () => {
    const context = new SharedContext();
    const [old, fresh] = [deferred(), deferred()];
    const loads = [old, fresh];
    context.provide("k", () => loads.shift()?.promise);
    const before = context.getAsync("k");
    expect(context.invalidate("k")).toBe(false);
    const after = context.getAsync("k");
    fresh.resolve("new");
    expect(await after).toBe("new");
    old.resolve("old");
    expect(await before).toBe("old");
    expect(context.get("k")).toBe("new");
  });

  it("is not kept either by those who use it", async () => {
    const context = new SharedContext();
    const slow = deferred();
    let n = 0;
    context.provide("c", () => (n += 1));
    context.provide("b", async (loader) => {
      const c = loader.get("c");
      await slow.promise;
      return c;
    });
    context.provide("a", (loader) => loader.getAsync("b"));
    const first = context.getAsync("a");
    context.invalidate("c");
    slow.resolve(null);
    expect(await first).toBe(1);
    expect(context.loaded()).toEqual([]);
    expect(await context.getAsync("a")).toBe(2);
  });

  it("does not replace what was set meanwhile", async () => {
    const context = new SharedContext();
    const { promise, resolve } = deferred();
    context.provide("k", () => promise);
    const loading = context.getAsync("k");
    context.set("k", "set");
    resolve("loaded");
    expect([await loading, context.get("k")]).toEqual(["loaded", "set"]);
  });

  it("ends in no recursion where a loader invalidates itself", async () => {
    const context = new SharedContext();
    context.provide("k", (loader) => {
      context.invalidate("k");
      return loader.get("k");
    });
    expect(() => context.get("k")).toThrow("k needs k");
    context.provide("l", async (loader) => {
      context.invalidate("l");
      await Promise.resolve();
      return loader.getAsync("l");
    });
    await expect(context.getAsync("l")).rejects.toThrow("l needs l");
  });
});

describe("a signal", () => {
  it("ends one wait, and the load where nobody else waits", async () => {
    const context = new SharedContext();
    const loads: { signal: LoaderContext["signal"]; load: ReturnType<typeof deferred> }[] = [];
    context.provide("k", ({ signal }) => {
      const load = deferred();
      loads.push({ signal, load });
      return load.promise;
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [first, second].map(({ signal }) => context.getAsync("k", { signal }));
    first.abort("enough");
    await expect(waits[0]).rejects.toMatchObject({
      name: "AbortError",
      message: "The execution was aborted: enough",
    });
    expect(loads[0]?.signal.aborted).toBe(false);
    second.abort();
    await expect(waits[1]).rejects.toMatchObject({ name: "AbortError" });
    expect(loads[0]?.signal.aborted).toBe(true);
    const again = context.getAsync("k");
    expect(loads).toHaveLength(2);
    loads[0]?.load.resolve("late");
    loads[1]?.load.resolve("now");
    expect([await again, context.get("k")]).toEqual(["now", "now"]);
  });

  it("aborted before asks nobody, aborted after changes nothing", async () => {
    const context = new SharedContext();
    const loader = counting(() => Promise.resolve(1));
    context.provide("k", loader);
    await expect(context.getAsync("k", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(loader.calls).toBe(0);
    const controller = new AbortController();
    expect(await context.getAsync("k", { signal: controller.signal })).toBe(1);
    controller.abort();
    expect([context.get("k"), loader.calls]).toEqual([1, 1]);
  });

  it("may be aborted by the loader", async () => {
    const context = new SharedContext();
    const controller = new AbortController();
    context.provide("k", () => {
      controller.abort();
      return new Promise(() => undefined);
    });
    await expect(context.getAsync("k", { signal: controller.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("reaches loaders that other loaders wait for", async () => {
    const context = new SharedContext();
    const seen: LoaderContext["signal"][] = [];
    context.provide("inner", ({ signal }) => {
      seen.push(signal);
      return new Promise(() => undefined);
    });
    context.provide("outer", (loader) => loader.getAsync("inner"));
    const controller = new AbortController();
    const waiting = context.getAsync("outer", { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe("room", () => {
  const block = (n: number) => "x".repeat(n);

  it("is made by dropping what was least recently used, which is loaded again", () => {
    const context = new SharedContext({ maxBytes: 3_000 });
    const loaders = ["a", "b", "c"].map((key) => {
      const loader = counting(() => key + block(1_200));
      context.provide(key, loader);
      return loader;
    });
    const dropped: string[] = [];
    context.on("dropped", ({ key }) => dropped.push(key));
    for (const key of ["a", "b", "a", "c"]) context.get(key);
    expect(context.loaded().map(({ key }) => key)).toEqual(["a", "c"]);
    expect(context.bytes).toBeLessThanOrEqual(3_000);
    context.get("b");
    expect(loaders.map(({ calls }) => calls)).toEqual([1, 2, 1]);
    expect(dropped).toEqual(["b", "a"]);
  });

  it("is never made by dropping what was set", () => {
    const context = new SharedContext({ maxBytes: 3_000 });
    context.set("s", block(1_200));
    context.set("t", block(1_200));
    context.provide("l", () => block(1_200));
    context.provide("small", () => "x");
    context.get("small");
    const dropped: string[] = [];
    context.on("dropped", ({ key }) => dropped.push(key));
    expect(context.get("l")).toHaveLength(1_200);
    expect(dropped).toEqual(["l"]);
    expect(context.loaded().map(({ key }) => key)).toEqual(["s", "t", "small"]);
    expect(() => context.set("u", block(1_200))).toThrow(
      /no room for "u" \(\d+ bytes\): maxBytes is 3000, and values that were set take \d+/,
    );
    expect(context.has("u")).toBe(false);
    context.set("s", block(1_000));
    context.set("t", block(1_988));
    expect(context.loaded().map(({ key }) => key)).toEqual(["s", "t"]);
    expect(context.bytes).toBe(context.loaded().reduce((sum, { bytes }) => sum + bytes, 0));
  });
});

describe("listeners", () => {
  it("are told what happens, until they are unsubscribed; what they throw is dropped", () => {
    const context = new SharedContext();
    const told: unknown[] = [];
    const off = (["loaded", "set", "invalidated"] as const).map((event) =>
      context.on(event, (about) => {
        told.push([event, typeof about === "string" ? about : about.key]);
        throw new Error("dropped");
      }),
    );
    context.provide("l", () => 1);
    context.get("l");
    context.get("l");
    context.set("s", 1);
    context.invalidate("l");
    expect(told).toEqual([
      ["loaded", "l"],
      ["set", "s"],
      ["invalidated", "l"],
    ]);
    for (const unsubscribe of off) unsubscribe();
    context.get("l");
    expect(told).toHaveLength(3);
  });

  it("may invalidate what they are told of", () => {
    const context = new SharedContext();
    context.provide("l", () => 1);
    context.on("loaded", ({ key }) => context.invalidate(key));
    expect([context.get("l"), context.loaded()]).toEqual([1, []]);
    context.set("s", 1);
    context.provide("user", (loader) => loader.get("s"));
    context.get("user");
    context.on("invalidated", () => context.remove("user"));
    context.invalidate("s");
    expect(context.keys().map(({ key }) => key)).toEqual(["l"]);
  });
});

describe("an agent's view of the shared context", () => {
  const make = () => {
    const context = new SharedContext();
    context.provide("plan", () => "plan");
    context.provide("notes/1", () => Promise.resolve("note"));
    context.set("notes/2", 2);
    context.provide("secret", () => "hidden");
    return { context, view: context.for("a") };
  };

  it("shows what is granted, and nothing else", async () => {
    const { context, view } = make();
    context.get("secret");
    expect([view.agent, view.keys(), view.loaded(), view.snapshot(), view.grants()]).toEqual([
      "a",
      [],
      [],
      {},
      [],
    ]);
    expect(() => view.get("plan")).toThrow(
      'Agent "a" may not read "plan" of the shared context: whoever made it can allow it with ' +
        'grant({ to: "a", key: "plan", access: "read" }).',
    );
    expect(() => view.has("plan")).toThrow(MemoryAccessError);
    await expect(view.getAsync("plan")).rejects.toMatchObject({ name: "PermissionError", key: "plan" });
    const grants = [
      context.grant({ to: "a", key: "plan" }),
      context.grant({ to: "a", keyPrefix: "notes/", access: "write" }),
    ];
    context.grant({ to: "b" });
    expect(view.grants()).toEqual(grants);
    expect(context.grants()).toHaveLength(3);
    expect([view.get("plan"), view.has("plan"), await view.getAsync("notes/1")]).toEqual([
      "plan",
      true,
      "note",
    ]);
    expect(view.keys().map(({ key }) => key)).toEqual(["plan", "notes/1", "notes/2"]);
    expect(view.loaded().map(({ key }) => key)).toEqual(["notes/2", "plan", "notes/1"]);
    expect(view.snapshot()).toEqual({ plan: "plan", "notes/1": "note", "notes/2": 2 });
    expect(() => view.set("plan", 1)).toThrow(/may not write "plan"/);
    expect(() => view.invalidate("plan")).toThrow(MemoryAccessError);
    view.set("notes/3", 3, { description: "third" });
    expect(context.keys().at(-1)).toMatchObject({ key: "notes/3", description: "third" });
    expect(view.invalidate("notes/3")).toBe(true);
  });

  it("changes at once with what is taken back, also while it waits", async () => {
    const { context, view } = make();
    const { promise, resolve } = deferred();
    context.provide("slow", () => promise);
    const grant = context.grant({ to: view.agent, access: "write" });
    const waiting = view.getAsync("slow");
    expect(context.revoke(grant)).toEqual([grant]);
    resolve(1);
    await expect(waiting).rejects.toBeInstanceOf(MemoryAccessError);
    expect(() => view.get("plan")).toThrow(MemoryAccessError);
    context.grant({ to: "a", key: "plan", access: "write" });
    context.grant({ to: "a", key: "plan" });
    expect(() => view.set("plan", 1)).toThrow(MemoryAccessError);
    expect(context.revoke({ to: "b" })).toEqual([]);
    expect(context.revoke()).toHaveLength(1);
    expect(context.grants()).toEqual([]);
  });
});
