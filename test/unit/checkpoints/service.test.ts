import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckpointService } from "../../../src/checkpoints/service.ts";
import {
  CheckpointQuery,
  type CheckpointKey,
  type CheckpointListRow,
} from "../../../src/model/checkpoints.ts";
import { codeVersion } from "../../../src/model/codeVersion.ts";
import { FileCheckpointStore, type CheckpointDraft } from "../../../src/runtime/index.ts";

import { recordCheckpoints } from "../../bench/recordedCheckpoints.ts";

let root: string;
let store: FileCheckpointStore;
let found: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "checkpoints-"));
  store = new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"), { onWarning: () => undefined });
  found = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const save = (more: Partial<CheckpointDraft> = {}): string =>
  store.save({
    ...{ agent: "A", agentType: "custom", label: null, state: "ready", context: { n: 1 }, task: null },
    ...{ parentId: null, runId: null, ...more },
  }).id;
const key = (id: string): CheckpointKey => ({ folder: "f", id });

async function opened(): Promise<CheckpointService> {
  const service = new CheckpointService({
    changed: () => undefined,
    progress: () => undefined,
    found: (_, keys) => found.push(...keys.map(({ id }) => id)),
  });
  service.open([{ folder: "f", path: root, name: "f" }]);
  await service.complete;
  return service;
}

function rows(service: CheckpointService, query: Partial<CheckpointQuery>): CheckpointListRow[] {
  const { version, rows: count } = service.query(CheckpointQuery.parse(query));
  return service.rows(version, 0, count) ?? [];
}

const drawn = (list: CheckpointListRow[]) =>
  list.map((row) => {
    const name = row.kind === "agent" ? row.agent : row.kind === "run" ? row.runId : row.id.slice(-4);
    return `${row.guides}${row.collapsed ? "(closed) " : ""}${name}`;
  });

test("branches nest what went on from a checkpoint below it, and lay executions side by side", async () => {
  const a1 = save({ runId: "r1", state: "busy" });
  const a2 = save({ runId: "r1", parentId: a1 });
  const next = save({ runId: "r2", parentId: a2, state: "busy" });
  const fork = save({ parentId: a1, label: "fork" });
  const resumed = save({ runId: "r3", parentId: a1, state: "busy" });
  const service = await opened();
  const short = (id: string) => id.slice(-4);
  expect(drawn(rows(service, { order: "branches" }))).toEqual([
    "A",
    "+r2",
    `|\`${short(next)}`,
    "`r1",
    ` +${short(a2)}`,
    ` \`${short(a1)}`,
    "  +r3",
    `  |\`${short(resumed)}`,
    `  \`${short(fork)}`,
  ]);
  const places = rows(service, { order: "branches" }).map((row) => `${row.position}/${row.siblings}`);
  expect(places).toEqual(["1/1", "1/2", "1/1", "2/2", "1/2", "2/2", "1/2", "1/1", "2/2"]);
  expect(drawn(rows(service, { order: "branches", collapsed: ["run:f|A|r1"] })).slice(-2)).toEqual([
    `|\`${short(next)}`,
    "`(closed) r1",
  ]);
  expect(rows(service, {}).map((row) => (row.kind === "checkpoint" ? row.id : ""))).toEqual([
    ...[resumed, fork, next, a2, a1],
  ]);
  const [newest] = rows(service, {});
  expect(newest).toMatchObject({ outdated: false, stateVersion: 1, pinned: false });
});

test("older state versions are told, and answers that are too old give no rows", async () => {
  const old = save();
  save({ stateVersion: 2 });
  const service = await opened();
  expect(rows(service, {}).map((row) => row.kind === "checkpoint" && row.outdated)).toEqual([false, true]);
  service.open([{ folder: "f", path: root, name: "f", versions: { A: 3, B: 9 } }]);
  expect(rows(service, {}).map((row) => row.kind === "checkpoint" && row.outdated)).toEqual([true, true]);
  service.open([{ folder: "f", path: root, name: "f", versions: { A: 1 } }]);
  expect(rows(service, {}).map((row) => row.kind === "checkpoint" && row.outdated)).toEqual([false, true]);
  const { version } = service.query(CheckpointQuery.parse({}));
  expect(service.rowOf(version, key(old))).toBe(1);
  expect(service.query(CheckpointQuery.parse({})).version).toBe(version);
  for (const text of ["a", "b", "c"]) service.query(CheckpointQuery.parse({ text }));
  expect(service.rows(version, 0, 10)).toBeNull();
});

test("what is written and removed later is there after a refresh, also before the index has it", async () => {
  const service = await opened();
  const id = save({ label: "late" });
  service.refresh([join(root, ".proj-intel", "checkpoints", "A", `${id}.json`)]);
  expect(rows(service, {})).toMatchObject([{ id, label: "late" }]);
  await service.remove("r", [key(id)]);
  expect(rows(service, {})).toEqual([]);
});

test("the newest are listed at a glance, the others when they are asked for or in sight", async () => {
  recordCheckpoints(root, 2, 600);
  const folder = join(root, ".proj-intel", "checkpoints", "Agent1");
  const [gone = ""] = readdirSync(folder).sort().reverse().slice(1);
  rmSync(join(folder, gone));
  const quiet = { changed: () => undefined, progress: () => undefined, found: () => undefined };
  const open = () => {
    const service = new CheckpointService(quiet);
    service.open([{ folder: "f", path: root, name: "f" }]);
    return service;
  };
  const first = open();
  const list = first.query(CheckpointQuery.parse({}));
  expect(list).toMatchObject({ complete: false, all: 299, rows: 299 });
  const ids = (first.rows(list.version, 0, 300) ?? []).map((row) =>
    row.kind === "checkpoint" ? row.id : "",
  );
  expect(ids).toEqual(ids.toSorted().reverse());
  expect(ids).not.toContain(gone.slice(0, 36));
  expect(first.query(CheckpointQuery.parse({ text: "agent0" }))).toMatchObject({ all: 599, rows: 300 });
  const second = open();
  second.open([{ folder: "f", path: root, name: "f" }]);
  second.refresh();
  expect(second.query(CheckpointQuery.parse({}))).toMatchObject({ complete: false, all: 299 });
  const oldest =
    readdirSync(join(root, ".proj-intel", "checkpoints", "Agent0"))
      .sort()[0]
      ?.slice(0, 36) ?? "";
  expect(second.detail(key(oldest)).summary.id).toBe(oldest);
  const third = open();
  await third.complete;
  expect(third.query(CheckpointQuery.parse({}))).toMatchObject({ complete: true, all: 599 });
  expect(third.query(CheckpointQuery.parse({ order: "branches" })).rows).toBe(2 + 300 + 599);
});

test("a search finds content, not the head, across the borders of pieces, and filters", async () => {
  const across = save({ context: { text: `${"x".repeat(2 ** 20 - 90)}Needle in hay` }, runId: "Needle-run" });
  const plain = save({ context: { text: "a needle" }, task: { n: 1 } });
  save({ label: "needle" });
  const service = await opened();
  const result = await service.search("job", CheckpointQuery.parse({}), "NEEDLE IN");
  expect(result).toEqual({ found: 1, read: 3, skipped: 0 });
  expect(found).toEqual([across]);
  await service.search("other", CheckpointQuery.parse({}), "needle");
  expect(rows(service, { search: "other" }).map((row) => (row.kind === "checkpoint" ? row.id : ""))).toEqual([
    ...[plain, across],
  ]);
  const cancelled = service.search("third", CheckpointQuery.parse({}), "x");
  service.cancel("third");
  await cancelled.catch((error: unknown) => expect(error).toMatchObject({ name: "AbortError" }));
});

test("a fork takes edits that can be read back, without secrets, and nothing else", async () => {
  const shared = { s: 1 };
  const id = save({ context: { a: {}, one: shared, two: shared, at: new Date(0) }, task: { q: 1 } });
  const service = await opened();
  const fork = (context: string) => () => service.fork({ ...key(id), context });
  const kept = '"one":{"s":1},"two":{"$type":"ref","value":2},"at":{"$type":"Date","value":null}';
  const made = service.fork({
    ...key(id),
    context: `{"a":{},${kept},"password":"hunter2hunter2"}`,
    task: '{"q":2}',
  });
  expect(made).toMatchObject({
    agent: "A",
    task: { q: 2 },
    warnings: [],
  });
  expect(fork(`{"a":[],${kept}}`)().warnings).toEqual([expect.stringContaining("may not take")]);
  const loaded = store.load(made.id);
  expect(loaded).toMatchObject({ label: "fork", parentId: id, redactions: 1, task: { q: 2 } });
  const context = loaded?.context as Record<string, unknown>;
  expect(context["password"]).toBe("[redacted]");
  expect(context["two"]).toBe(context["one"]);
  expect(fork('{"__proto__":{"x":1}}')).toThrow(/cannot be used: it has the key "__proto__"/);
  expect(fork('{"a":{"$type":"Evil","value":1}}')).toThrow(/unknown tag "Evil"/);
  expect(fork(`{"b":{},"a":{},${kept}}`)).toThrow(/stood for \/one, and would now stand for \/a/);
  expect(fork("{")).toThrow(/is not JSON/);
  expect(fork(`${"[".repeat(5000)}${"]".repeat(5000)}`)).toThrow(/nested too deep/);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test("a detail tells markers, history and the run, and withholds what is too much", async () => {
  const first = save({ runId: "r1", context: { secret: { token: "sk-live-abcdefghijklmnopqrstuv" } } });
  const second = save({ runId: "r1", parentId: first });
  const many = save({ context: Array.from({ length: 300_000 }, (_, i) => i) });
  const service = await opened();
  expect(service.detail(key(first))).toMatchObject({
    hash: { state: "verified" },
    redacted: ["/context/secret"],
    children: [{ id: second }],
    run: null,
  });
  expect(service.detail(key(many))).toMatchObject({
    hash: { state: "verified" },
    content: null,
    withheld: "It has more than 200,000 values: open its file to see them.",
  });
  await service.remove("r", [key(first)]);
  expect(service.detail(key(second)).note).toBe(`The history is not complete: there is no ${first}.`);
  expect(() => service.detail(key("nonsense"))).toThrow(/There is no checkpoint nonsense/);
  expect(service.fileOf(key(second))).toBe(service.detail(key(second)).file);
  expect(() => service.fileOf(key(first))).toThrow(/There is no checkpoint/);
});

test("a detail tells which code ran, and whether that is another one now", async () => {
  const id = save({ runId: "r1" });
  const queue = (file: string) => {
    mkdirSync(join(root, ".proj-intel", "runs"), { recursive: true });
    const agent = { file_path: file, name: "A" };
    const events = [
      { type: "queued", agent, task: {}, retries: 0, timeoutMs: null },
      { type: "started", pid: 1, node: "v24.0.0", code: codeVersion(Buffer.from("class A {}")) },
      { type: "checkpoint", id, label: null },
    ].map((event) => JSON.stringify({ ...event, runId: "r1", time: new Date(0).toISOString() }));
    writeFileSync(join(root, ".proj-intel", "runs", "r1.jsonl"), `${events.join("\n")}\n`);
  };
  const code = (service: CheckpointService) => service.detail(key(id)).run?.code;
  queue("a.js");
  const service = await opened();
  expect(code(service)).toEqual({ version: codeVersion(Buffer.from("class A {}")), changed: null });
  writeFileSync(join(root, "a.js"), "class A {}");
  expect(code(service)?.changed).toBe(false);
  writeFileSync(join(root, "a.js"), "class A { more() {} }");
  expect(code(service)?.changed).toBe(true);
  // A record that names files elsewhere is told nothing of them.
  queue("../../../../../../etc/hostname");
  expect(code(service)?.changed).toBeNull();
  rmSync(join(root, "a.js"));
  symlinkSync("/etc/hostname", join(root, "a.js"));
  queue("a.js");
  expect(code(service)?.changed).toBeNull();
});

test("damaged pins keep everything from being pruned", async () => {
  for (let i = 0; i < 5; i += 1) save();
  writeFileSync(join(root, ".proj-intel", "checkpoints", "A", "pins.json"), "{");
  const service = await opened();
  const preview = await service.prune("p", { folder: "f", policy: { maxCount: 1 }, agent: null });
  expect(preview).toMatchObject({ removedCount: 0, kept: 5, proof: { restorable: 5 } });
  expect(preview.notes[0]).toContain("its pins cannot be read");
});

test("what another process removes while the rest is proven to restore is gone, and no failure", async () => {
  const ids = Array.from({ length: 5 }, () => save());
  const fileOf = (id = "") => join(root, ".proj-intel", "checkpoints", "A", `${id}.json`);
  const service = await opened();
  const pruning = service.prune("p", { folder: "f", policy: { maxCount: 3 }, agent: null });
  rmSync(fileOf(ids[2]));
  rmSync(fileOf(ids[0]));
  expect(await pruning).toMatchObject({
    removedCount: 1,
    kept: 2,
    notes: ["1 checkpoint had been removed meanwhile."],
    proof: { restorable: 2, damagedCount: 0 },
  });
  expect(ids.map((id) => existsSync(fileOf(id)))).toEqual([false, false, false, true, true]);
});

test("a copy of a workspace folder has checkpoints of its own", async () => {
  const first = save({ runId: "r" });
  const last = save({ runId: "s", agent: "B", parentId: first });
  const copy = mkdtempSync(join(tmpdir(), "copy-"));
  cpSync(root, copy, { recursive: true });
  const service = await opened();
  service.open([
    { folder: "f", path: root, name: "f" },
    { folder: "g", path: copy, name: "g" },
  ]);
  await service.complete;
  for (const folder of ["f", "g"])
    expect(drawn(rows(service, { folder, order: "branches" }))).toEqual([
      ...["B", "A", "`r", ` \`${first.slice(-4)}`],
      ...["  `s", `   \`${last.slice(-4)}`],
    ]);
  expect(service.query(CheckpointQuery.parse({ order: "timeline" })).rows).toBe(4);
  await service.remove("remove", [{ folder: "g", id: last }]);
  expect(service.query(CheckpointQuery.parse({ folder: "f", order: "timeline" })).rows).toBe(2);
  expect(service.query(CheckpointQuery.parse({ folder: "g", order: "timeline" })).rows).toBe(1);
  rmSync(copy, { recursive: true });
});

test.each([
  ["A", "B"],
  ["B", "A"],
])("of copies in folders of %s and %s one is shown, and it is the one that is changed", async (from, to) => {
  const ids = Array.from({ length: 3 }, () => save({ agent: from }));
  const folderOf = (agent: string) => join(root, ".proj-intel", "checkpoints", agent);
  cpSync(folderOf(from), folderOf(to), { recursive: true });
  const [id = ""] = ids;
  const service = await opened();
  const shown = () => rows(service, { order: "timeline" }).filter((row) => row.kind === "checkpoint");
  expect(shown()).toHaveLength(3);
  expect(service.query(CheckpointQuery.parse({})).notes).toEqual([
    `3 checkpoints in ${join(root, ".proj-intel", "checkpoints")} stand in the folders of several agents (${ids[2]?.slice(-8) ?? ""}, …): each is shown once, and its copy once that is removed.`,
  ]);
  service.setPinned(key(id), true);
  expect(shown().map((row) => row.pinned)).toEqual([false, false, true]);
  service.setPinned(key(id), false);
  const { removedCount, notes } = await service.prune("prune", {
    folder: "f",
    policy: { maxCount: 1 },
    agent: null,
  });
  expect([removedCount, notes.length]).toEqual([2, 1]);
  await service.remove("remove", [key(ids[2] ?? "")]);
  expect(shown()).toHaveLength(3);
  expect(service.query(CheckpointQuery.parse({})).notes).toEqual([]);
});
