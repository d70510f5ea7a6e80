import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AgentFolder } from "../../../../src/runtime/checkpoint/agentFolder.ts";
import { lineageOf } from "../../../../src/runtime/checkpoint/lineage.ts";
import { planPruning } from "../../../../src/runtime/checkpoint/pruning.ts";
import {
  BaseAgent,
  FileCheckpointStore,
  MemoryCheckpointStore,
  type PrunePolicy,
  StoreError,
} from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

let folder: string;
let root: string;
let warnings: string[];
const open = () => new FileCheckpointStore(root, { onWarning: (message) => warnings.push(message) });
const fileOf = (id: string) => join(root, "worker", `${id}.json`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-store-"));
  root = join(folder, ".proj-intel", "checkpoints");
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What waits for another process does not wait for long. */
function soon<T>(action: () => T): T {
  let now = Date.now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => (now += 500));
  try {
    return action();
  } finally {
    clock.mockRestore();
  }
}

describe("files of the store", () => {
  it("are the documented ones, readable by their owner only", () => {
    const { id, hash } = open().save(draft());
    expect(JSON.parse(readFileSync(fileOf(id), "utf8"))).toMatchObject({
      schemaVersion: 1,
      id,
      hash,
      agent: "worker",
      context: { step: 1 },
    });
    expect(readdirSync(join(root, "worker")).sort()).toEqual([`${id}.json`]);
    open().list();
    expect(readdirSync(join(root, "worker")).sort()).toEqual([`${id}.json`, "index.jsonl"]);
    if (process.platform !== "win32") expect(statSync(fileOf(id)).mode & 0o777).toBe(0o600);
  });

  it("stay out of git, where the user has not said otherwise", () => {
    open().save(draft());
    const ignore = join(folder, ".proj-intel", ".gitignore");
    expect(readFileSync(ignore, "utf8")).toMatch(/^checkpoints\/$[^]*^runs\/$[^]*^memory\/$/m);
    writeFileSync(ignore, "mine");
    open().save(draft());
    expect(readFileSync(ignore, "utf8")).toBe("mine");
  });

  it("are read where the index is missing, torn or wrong, and the index is mended", () => {
    const store = open();
    const ids = [store.save(draft()).id, store.save(draft()).id, store.save(draft()).id].reverse();
    const index = join(root, "worker", "index.jsonl");
    store.list();
    truncateSync(index, statSync(index).size - 10);
    appendFileSync(index, '\n{"id":"foreign"}\nnot json\n');
    expect(
      open()
        .list()
        .map(({ id }) => id),
    ).toEqual(ids);
    rmSync(index);
    const rebuilt = open().list();
    expect(rebuilt.map(({ id }) => id)).toEqual(ids);
    expect(readFileSync(index, "utf8").trim().split("\n")).toHaveLength(3);
    expect(open().list()).toEqual(rebuilt);
    expect(warnings).toEqual([]);
  });

  it("that were removed disappear from the list", () => {
    const store = open();
    const { id } = store.save(draft());
    rmSync(fileOf(id));
    expect(store.list()).toEqual([]);
    expect(store.latest("worker")).toBeNull();
  });
});

describe("a file that cannot be used is skipped with one warning, and left alone", () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    ["torn", (text) => text.slice(0, text.length / 2), /not complete JSON/],
    ["empty", () => "", /not complete JSON/],
    ["changed", (text) => text.replace('"step":1', '"step":2'), /hash/],
    ["foreign", () => '{"hello":"world"}', /not a checkpoint/],
    ["of a newer schema", (text) => text.replace('"schemaVersion":1', '"schemaVersion":2'), /newer/],
    ["reaching for a prototype", (text) => text.replace('"step"', '"__proto__"'), /hash|__proto__/],
  ];
  it.each(cases)("%s", (_, change, why) => {
    const store = open();
    const good = store.save(draft({ label: "good" }));
    const { id } = store.save(draft({ label: "bad" }));
    const text = change(readFileSync(fileOf(id), "utf8"));
    writeFileSync(fileOf(id), text);
    const fresh = open();
    expect(fresh.latest("worker")?.id).toBe(good.id);
    expect(fresh.load(id)).toBeNull();
    fresh.latest("worker");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(why);
    expect(warnings[0]).toContain(id);
    expect(readFileSync(fileOf(id), "utf8")).toBe(text);
  });

  it("named otherwise", () => {
    const store = open();
    store.save(draft());
    writeFileSync(join(root, "worker", "worker_1699999999.json"), "{}");
    writeFileSync(join(root, "worker", "pins.json"), "[]");
    expect(open().list()).toHaveLength(1);
    expect(warnings.join()).toMatch(/worker_1699999999\.json is skipped: it is foreign/);
    expect(warnings).toHaveLength(1);
  });
});

describe("links", () => {
  it("of an agent's folder are not followed out of the root", () => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    mkdirSync(root, { recursive: true });
    symlinkSync(outside, join(root, "worker"), "dir");
    expect(() => open().save(draft())).toThrow(StoreError);
    expect(readdirSync(outside)).toEqual([]);
    expect(open().list()).toEqual([]);
  });

  it.each([".proj-intel", ".proj-intel/checkpoints"])("%s is not followed either", (path) => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    const link = join(folder, "clone", path);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(outside, link, "dir");
    const store = new FileCheckpointStore(join(folder, "clone", ".proj-intel", "checkpoints"));
    expect(() => store.save(draft())).toThrow(/is a link, not a folder/);
    expect(readdirSync(outside)).toEqual([]);
    // What is stored elsewhere is not pruned.
    const other = new FileCheckpointStore(path === ".proj-intel" ? join(outside, "checkpoints") : outside);
    const ids = [other.save(draft()).id, other.save(draft()).id];
    expect(() => store.prune({ maxCount: 1 })).toThrow(/is a link, not a folder/);
    expect(() => store.pin(ids[0] ?? "")).toThrow(/is a link, not a folder/);
    expect(other.list()).toHaveLength(2);
  });

  it.skipIf(process.platform === "win32")("to an endless device in place of the index are not read", () => {
    const { id } = open().save(draft());
    const index = join(root, "worker", "index.jsonl");
    symlinkSync("/dev/zero", index);
    expect(open().list()).toMatchObject([{ id }]);
  });

  it("of a checkpoint file or the index are not followed", () => {
    const store = open();
    const { id } = store.save(draft());
    const outside = join(folder, "outside.json");
    writeFileSync(outside, readFileSync(fileOf(id)));
    rmSync(fileOf(id));
    symlinkSync(outside, fileOf(id));
    expect(store.load(id)).toBeNull();
    const index = join(root, "worker", "index.jsonl");
    writeFileSync(join(folder, "elsewhere"), "");
    symlinkSync(join(folder, "elsewhere"), index);
    store.save(draft());
    expect(store.list()).toHaveLength(1);
    expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("");
  });
});

describe("an index that is a pipe", () => {
  it.skipIf(process.platform === "win32")("is left alone, and nothing waits for its reader", () => {
    const store = open();
    store.save(draft());
    const index = join(root, "worker", "index.jsonl");
    execFileSync("mkfifo", [index]);
    for (let i = 0; i < 40; i += 1) store.save(draft());
    expect(open().list()).toHaveLength(41);
    expect(lstatSync(index).isFIFO()).toBe(true);
  });
});

describe("a folder that cannot be written", () => {
  it("makes a clear error, and what was saved stays readable", () => {
    const store = open();
    const { id } = store.save(draft());
    writeFileSync(join(root, "blocked"), "a file");
    expect(() => store.save(draft({ agent: "blocked" }))).toThrow(
      /agent "blocked" cannot be written.*move it away/,
    );
    expect(store.load(id)).not.toBeNull();
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("such as a read-only one", () => {
    const store = open();
    const { id } = store.save(draft());
    chmodSync(join(root, "worker"), 0o500);
    try {
      expect(() => store.save(draft())).toThrow(/access is denied/);
      expect(store.load(id)).not.toBeNull();
    } finally {
      chmodSync(join(root, "worker"), 0o700);
    }
  });
});

it("refuses what it could not read again", () => {
  const store = open();
  expect(() => store.save(draft({ context: { text: "x".repeat(257 * 2 ** 20) } }))).toThrow(
    /agent "worker" is larger than 256 MiB/,
  );
  expect(store.list()).toEqual([]);
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ["a parent that is no id", { parentId: "first" }, /its parentId is wrong/],
  ["no parent and not null", { parentId: undefined }, /its parentId is wrong/],
  ["a number for a run", { runId: 5 }, /its runId is wrong/],
  ["an unknown state", { state: "done" }, /its state is wrong/],
  ["a version 0 of the state", { stateVersion: 0 }, /its stateVersion is wrong/],
  ["an answer to nothing", { answers: [{ answer: "x" }] }, /its answers\.0\.question is wrong/],
])("refuses %s, which it could not read again", (_, changes, message) => {
  for (const store of [open(), new MemoryCheckpointStore()]) {
    const save = () => store.save(draft(changes));
    expect(save).toThrow(StoreError);
    expect(save).toThrow(message);
    expect(() => store.fork(store.save(draft()).id, { runId: 5 as never })).toThrow(/its runId is wrong/);
  }
});

it.each([null, undefined, {}, 5, { ...draft(), agent: 5 }])("refuses %o, which is of no agent", (nothing) => {
  for (const store of [open(), new MemoryCheckpointStore()]) {
    expect(() => store.save(nothing as never)).toThrow(StoreError);
    expect(() => store.save(nothing as never)).toThrow(/needs the name of its agent/);
  }
});

it("goes on after the newest that is there, where the clock went back between two processes", async () => {
  const tomorrow = Date.now() + 86_400_000;
  const clock = vi.spyOn(Date, "now").mockReturnValue(tomorrow);
  const { id: parentId } = open().save(draft());
  clock.mockRestore();
  vi.resetModules();
  const { FileCheckpointStore: Next } = await import("../../../../src/runtime/checkpoint/fileStore.ts");
  const next = new Next(root, { retention: { maxCount: 1 } });
  const { id } = next.save(draft({ parentId }));
  expect(next.latest("worker")?.id).toBe(id);
  expect(id > parentId).toBe(true);
});

describe("pins", () => {
  const pinsFile = () => join(root, "worker", "pins.json");

  it("are a documented file beside the checkpoints", () => {
    const store = open();
    const [a, b] = [store.save(draft()).id, store.save(draft()).id];
    store.pin(b);
    store.pin(a);
    expect(JSON.parse(readFileSync(pinsFile(), "utf8"))).toEqual({ schemaVersion: 1, pins: [a, b] });
    if (process.platform !== "win32") expect(statSync(pinsFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(root)).toEqual(["worker"]);
  });

  it.each([
    ["torn", '{"schemaVersion":1,"pins":['],
    ["foreign", "[]"],
    ["newer", '{"schemaVersion":2,"pins":[]}'],
  ])("that are %s count as pins of everything, with one warning, and stay as they are", (_, text) => {
    const store = open();
    const ids = Array.from({ length: 3 }, () => store.save(draft()).id);
    const others = Array.from({ length: 3 }, () => store.save(draft({ agent: "other" })).id);
    writeFileSync(pinsFile(), text);
    expect(store.pins()).toEqual(ids);
    const { removed, notes } = store.prune({ maxCount: 0 });
    expect(removed.map(({ id }) => id)).toEqual(others.slice(0, 2).reverse());
    expect(notes).toEqual([expect.stringMatching(/worker is removed: its pins cannot be read/)]);
    expect(() => store.pin(ids[0] ?? "")).toThrow(/pins\.json are damaged or of a newer version: mend/);
    expect(() => store.unpin(ids[0] ?? "")).toThrow(StoreError);
    expect(readFileSync(pinsFile(), "utf8")).toBe(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/damaged or of a newer version.*counts as pinned/);
  });

  it("cannot be made while another process is at them, nor where nothing can be written", () => {
    const store = open();
    const { id } = store.save(draft());
    writeFileSync(join(root, ".pins.lock"), `${process.pid} other ${hostname()}`);
    soon(() => expect(() => store.pin(id)).toThrow(/can be pinned: another process is at it; try again/));
    // The parent of a fork could be removed before the fork is there.
    soon(() => expect(() => store.fork(id)).toThrow(/can be forked: another process is at it; try again/));
    rmSync(join(root, ".pins.lock"));
    mkdirSync(pinsFile());
    expect(() => store.pin(id)).toThrow(StoreError);
    rmSync(pinsFile(), { recursive: true });
    mkdirSync(join(root, ".pins.lock"));
    soon(() => expect(() => store.prune({ maxCount: 0 })).toThrow(/can be pruned: another process/));
  }, 20_000);
});

describe("pruning", () => {
  it.each(["", "123 torn"])("waits hardly for who was killed while taking the lock (%j)", (text) => {
    const store = open();
    for (let i = 0; i < 2; i += 1) store.save(draft());
    const past = Date.now() / 1000 - 2;
    for (const name of [".pins.lock", ".pins.lock.breaking"]) {
      writeFileSync(join(root, name), text);
      utimesSync(join(root, name), past, past);
    }
    expect(store.prune({ maxCount: 1 }).removed).toHaveLength(1);
  });

  it("removes nothing where another process took over meanwhile", () => {
    const store = open();
    const [{ id: first }] = [store.save(draft()), store.save(draft())];
    const read = vi.spyOn(AgentFolder.prototype, "read").mockImplementation(() => {
      writeFileSync(join(root, ".pins.lock"), `${process.pid} other ${hostname()}`);
      return null;
    });
    expect(() => store.prune({ maxCount: 1 })).toThrow(/was pruned: it took too long; try again/);
    read.mockRestore();
    expect(store.load(first)).not.toBeNull();
  });

  it.each([true, false])(
    "keeps what can be restored where newer files are damaged (listed before: %s)",
    (listed) => {
      const store = open();
      const save = (n: number) => store.save(draft({ state: "ready", context: { n } })).id;
      const ids = [1, 2, 3, 4].map(save);
      if (listed) store.list();
      for (const id of ids.slice(2)) {
        const text = readFileSync(fileOf(id), "utf8");
        writeFileSync(fileOf(id), text.replace(/"n":./, '"n":9'));
      }
      const next = open();
      next.prune({ maxCount: 1 });
      expect(next.load(ids[0] ?? "")).toBeNull();
      expect(next.latest("worker", { completed: true })?.id).toBe(ids[1]);
    },
  );

  it("is possible whatever agents are called", () => {
    const store = open();
    for (const agent of ["pins.lock", ".pins.lock", ".pins.lock.breaking"]) {
      for (let i = 0; i < 2; i += 1) store.save(draft({ agent }));
    }
    expect(store.prune({ maxCount: 1 }).removed).toHaveLength(3);
  });

  it.each([".proj-intel", ".proj-intel/checkpoints", ".proj-intel/checkpoints/worker"])(
    "makes %s not again that vanishes meanwhile",
    (path) => {
      for (const step of [1, 2]) open().save(draft({ context: { step } }));
      open().save(draft({ agent: "zeal" }));
      writeFileSync(join(root, "zeal", "foreign.json"), "");
      const onWarning = () => rmSync(join(folder, path), { recursive: true });
      const store = new FileCheckpointStore(root, { onWarning });
      expect(store.prune({ maxCount: 1 }).removed).toEqual([]);
      expect(existsSync(join(folder, path))).toBe(false);
    },
  );

  it("of nothing makes nothing", () => {
    expect(open().prune({ maxCount: 1 })).toEqual({ removed: [], kept: 0, bytes: 0, notes: [] });
    expect(existsSync(root)).toBe(false);
  });

  it("frees what the files took, and rewrites an index that is mostly of the past", () => {
    const store = open();
    for (let i = 0; i < 200; i += 1) store.save(draft());
    store.list();
    const index = join(root, "worker", "index.jsonl");
    expect(readFileSync(index, "utf8").trim().split("\n")).toHaveLength(200);
    const sizes = new Map(store.list().map(({ id }) => [id, statSync(fileOf(id)).size]));
    const result = store.prune({ maxCount: 0 });
    expect(result.removed).toHaveLength(199);
    expect(result.bytes).toBe(result.removed.reduce((sum, { id }) => sum + (sizes.get(id) ?? 0), 0));
    expect(open().list()).toHaveLength(1);
    expect(readFileSync(index, "utf8").trim().split("\n")).toHaveLength(1);
    const { id } = store.save(draft());
    expect(open().list()[0]?.id).toBe(id);
    expect(store.list()[0]?.id).toBe(id);
  });

  it("leaves what it cannot read, and what is foreign", () => {
    const store = open();
    const { id } = store.save(draft());
    store.save(draft());
    writeFileSync(fileOf(id), "torn");
    expect(open().prune({ maxCount: 0 }).removed).toEqual([]);
    expect(readFileSync(fileOf(id), "utf8")).toBe("torn");
  });

  it("removes nothing of an agent of which nothing can be read", () => {
    const store = open();
    const ids = Array.from({ length: 4 }, () => store.save(draft()).id);
    store.save(draft({ agent: "other" }));
    store.list();
    for (const id of ids) {
      const text = readFileSync(fileOf(id), "utf8");
      writeFileSync(fileOf(id), text.replace(/[0-9a-f]{8}"\}$/, 'ffffffff"}'));
    }
    expect(open().prune({ maxCount: 1 })).toMatchObject({
      removed: [],
      kept: 5,
      notes: ['Nothing of agent "worker" is removed: none of its checkpoints can be read.'],
    });
    expect(ids.every((id) => existsSync(fileOf(id)))).toBe(true);
  });

  it("keeps an agent's newest whatever the index says of whose others are", () => {
    const store = open();
    const own = store.save(draft());
    store.save(draft({ agent: "other" }));
    store.list();
    const index = join(root, "other", "index.jsonl");
    writeFileSync(index, readFileSync(index, "utf8").replaceAll('"agent":"other"', '"agent":"worker"'));
    open().prune({ maxCount: 1, maxAgeMs: 0 });
    expect(open().load(own.id)?.agent).toBe("worker");
  });

  it("says so where a file cannot be removed", () => {
    const store = open();
    const { id } = store.save(draft());
    store.save(draft());
    store.list();
    const remove = vi.spyOn(AgentFolder.prototype, "remove").mockImplementation(() => {
      throw Object.assign(new Error("no"), { code: "EACCES" });
    });
    expect(() => store.prune({ maxCount: 0 })).toThrow(`${id} cannot be removed: access is denied`);
    remove.mockRestore();
  });

  it("follows checkpoints that name one another as parents", () => {
    const summaryOf = (id: string, parentId: string | null) => ({
      summary: { ...open().save(draft()), id, parentId },
      bytes: 1,
    });
    const all = [summaryOf("a", "b"), summaryOf("b", "a"), summaryOf("c", null), summaryOf("d", "c")];
    const options = { agent: undefined, pinned: new Set<string>(), isReadable: () => true, now: 0 };
    expect(planPruning(all, { maxCount: 1 }, options)).toMatchObject({ kept: 2 });
    const removed = planPruning(all, { maxCount: 1 }, { ...options, pinned: new Set(["b"]) }).removed;
    expect(removed).toEqual([]);
    expect(
      lineageOf(
        "a",
        all.map(({ summary }) => summary),
      ),
    ).toMatchObject({
      checkpoints: [{ id: "a" }, { id: "b" }],
      note: "The history is not complete: there is no a.",
    });
  });
});

describe.each([
  ["file", (retention: PrunePolicy) => new FileCheckpointStore(root, { retention })],
  ["memory", (retention: PrunePolicy) => new MemoryCheckpointStore({ retention })],
])("retention of the %s store", (_, make) => {
  it("prunes after the first save and after every 64th of an agent", () => {
    const store = make({ maxCount: 10 });
    const counts: number[] = [];
    for (let i = 0; i < 130; i += 1) {
      store.save(draft());
      counts.push(store.list().length);
    }
    store.save(draft({ agent: "other" }));
    expect(counts.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    expect([counts[64], counts[127], counts[128]]).toEqual([10, 73, 10]);
    expect(store.list("worker")).toHaveLength(11);
  });

  it("bounds what an agent's executions leave, each following the one before", () => {
    const store = make({ maxCount: 5, maxBytes: 20_000 });
    class Worker extends BaseAgent {
      override executeImpl(task: number) {
        this.context["page"] = "x".repeat(5000);
        return task;
      }
    }
    const agent = new Worker({ name: "worker", agentType: "unit" }, { checkpoints: store });
    let most = 0;
    for (let i = 0; i < 100; i += 1) {
      agent.execute(i);
      most = Math.max(most, store.list().length);
    }
    expect(most).toBe(66);
    store.prune({ maxCount: 5 });
    const left = store.list();
    expect(left.map(({ label }) => label)).toEqual(
      Array.from({ length: 6 }, (_, i) => ["completed", "started"][i % 2]),
    );
    expect(store.lineage(left[0]?.id ?? "")).toMatchObject({
      checkpoints: left,
      note: `The history is not complete: there is no ${left[5]?.parentId ?? ""}.`,
    });
    expect(store.prune({ maxCount: 5 }).notes).toEqual([
      'Agent "worker" keeps 1 over the limits: 1 before one that stays.',
    ]);
  });

  it("looks at what stays no more often than it is worth", () => {
    const store = make({ maxCount: 100 });
    const afterSaves = (saves: number): number => {
      for (let i = 0; i < saves; i += 1) store.save(draft());
      return store.list().length;
    };
    expect([129, 1, 99, 1].map(afterSaves)).toEqual([129, 100, 199, 100]);
  });

  it("is no policy that is none", () => {
    expect(() => make({ maxCount: -1 })).toThrow(/maxCount must be an integer from 0, not -1/);
    expect(() => make({ maxAgeMs: Number.NaN })).toThrow(/maxAgeMs must be a number from 0/);
    expect(() => make({ maxAgeMs: 0.5, maxBytes: Infinity })).not.toThrow();
  });
});

it("warns where retention fails, and the checkpoint is saved all the same", () => {
  const store = new FileCheckpointStore(root, {
    retention: { maxCount: 1 },
    onWarning: (message) => warnings.push(message),
  });
  mkdirSync(root, { recursive: true });
  mkdirSync(join(root, ".pins.lock"));
  const { id } = soon(() => store.save(draft()));
  expect(store.load(id)).not.toBeNull();
  expect(warnings).toEqual([
    expect.stringMatching(/Old checkpoints of agent "worker" were not removed: .*another process/),
  ]);
}, 20_000);

it("lists what other processes saved and removed meanwhile", () => {
  const [mine, theirs] = [open(), open()];
  const ids: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    ids.unshift((i % 2 === 0 ? mine : theirs).save(draft()).id);
    expect(mine.list().map(({ id }) => id)).toEqual(ids);
    if (i % 5 === 4) {
      rmSync(fileOf(ids.pop() ?? ""));
      expect(theirs.list().map(({ id }) => id)).toEqual(ids);
    }
  }
  expect(mine.latest("worker", { completed: true })).toBeNull();
  expect(warnings).toEqual([]);
});

it("does not take a checkpoint of another agent for the latest, where a file system tells no cases apart", () => {
  const store = open();
  const { id } = store.save(draft({ agent: "other" }));
  mkdirSync(join(root, "worker"));
  copyFileSync(join(root, "other", `${id}.json`), fileOf(id));
  expect(store.latest("worker")).toBeNull();
  expect(store.list("worker")).toEqual([]);
});
