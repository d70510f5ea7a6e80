import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckpointClient } from "../../src/checkpoints/client.ts";
import { CheckpointQuery, type CheckpointKey, type CheckpointListRow } from "../../src/model/checkpoints.ts";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { sealedCheckpoint as sealed } from "./sealedCheckpoint.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
let client: CheckpointClient;
let folder: string;
let kept: string;

beforeEach(async () => {
  folder = join(workspace.root, ".proj-intel", "checkpoints");
  kept = save(1);
  save(2);
  client = new CheckpointClient(join(dist, "checkpoints.cjs"), () => undefined);
  await mkdir(join(folder, "B"));
});
afterEach(() => client.dispose());

const save = (n: number): string =>
  new FileCheckpointStore(folder).save({
    ...{ agent: "A", agentType: "custom", label: `kept ${n}`, state: "ready", context: { n }, task: null },
    ...{ parentId: null, runId: null },
  }).id;

let made = 0;
/** Older than what is kept. */
const newId = (): string => `0193b5a0-0000-7000-8000-${String((made += 1)).padStart(12, "0")}`;
const key = (id: string): CheckpointKey => ({ folder: "f", id });
const fileOf = (id: string, agent = "B"): string => join(folder, agent, `${id}.json`);

async function forge(fields: Record<string, string> = {}): Promise<string> {
  const id = newId();
  await writeFile(fileOf(id), sealed(id, fields));
  return id;
}

/** All rows, once everything is read. */
async function list(query: Partial<CheckpointQuery> = {}) {
  await client.open([{ folder: "f", path: workspace.root, name: "f" }]);
  const ask = () => client.call.query(CheckpointQuery.parse(query));
  await expect.poll(async () => (await ask()).complete, { timeout: 10_000 }).toBe(true);
  const list = await ask();
  const rows = (await client.call.rows(list.version, 0, 1_000)) ?? [];
  return { list, rows, checkpoints: rows.flatMap((row) => (row.kind === "checkpoint" ? [row] : [])) };
}

const labels = (rows: CheckpointListRow[]): (string | null)[] =>
  rows.flatMap((row) => (row.kind === "checkpoint" ? [row.label] : []));

test("pipes, links and folders in the places of files are not followed, and hang nothing", async () => {
  const outside = await workspace.write("outside/secret.json", sealed(newId(), { label: '"secret"' }));
  execFileSync("mkfifo", [fileOf(newId()), join(folder, "A", "pins.json"), join(folder, "B", "index.jsonl")]);
  await symlink(outside, fileOf(newId()));
  await symlink(outside, join(folder, "B", "pins.json"));
  await mkdir(fileOf(newId()));
  await symlink(join(workspace.root, "outside"), join(folder, "Linked"), "dir");
  execFileSync("mkfifo", [join(folder, "Pipe")]);
  const whole = await forge();
  const { list: all, rows, checkpoints } = await list();
  expect(labels(rows)).toEqual(["kept 2", "kept 1", "forged"]);
  expect(checkpoints.every(({ pinned }) => pinned)).toBe(true);
  expect(all.notes.filter((note) => note.includes("is no checkpoint"))).toHaveLength(3);
  expect(all.notes.filter((note) => note.includes("counts as pinned"))).toHaveLength(2);
  await expect(client.call.setPinned(key(whole), false)).rejects.toThrow(/pins .* are damaged/);
  const policy = { maxCount: 0 };
  const preview = await client.run((functions, job) =>
    functions.prune(job, { folder: "f", policy, agent: null }),
  );
  expect(preview).toMatchObject({ removedCount: 0, kept: 3 });
  await client.call.restore(key(whole));
  expect(await readFile(outside, "utf8")).toContain("secret");
});

const numbers = [
  "1e400",
  "-1e400",
  "9".repeat(400),
  "-0",
  "-1",
  "0.5",
  '"NaN"',
  "NaN",
  "Infinity",
  "null",
  "[]",
];

test.each(["schemaVersion", "timestamp", "redactions", "stateVersion"])(
  "whatever number stands in %s, all others are listed and every size is a number",
  async (field) => {
    for (const number of numbers) await forge({ [field]: number });
    const { list: all, checkpoints } = await list();
    expect(all.checkpoints).toBe(numbers.length + 2);
    expect(checkpoints.map(({ label }) => label).slice(0, 2)).toEqual(["kept 2", "kept 1"]);
    for (const row of checkpoints)
      for (const value of [row.bytes, row.redactions, row.stateVersion, Date.parse(row.createdAt)])
        expect(Number.isSafeInteger(value)).toBe(true);
    for (const { id } of checkpoints)
      expect(await client.call.detail(key(id))).toMatchObject({ summary: { id } });
  },
);

test("an index that lies about sizes is not believed where they cannot be", async () => {
  const lines: string[] = [];
  const ids: string[] = [];
  for (const number of [...numbers, "1e308", "9007199254740991"]) {
    const id = await forge();
    ids.push(id);
    lines.push(sealed(id).replace(/,"context".*?,"hash"/, `,"bytes":${number},"hash"`));
  }
  await writeFile(join(folder, "B", "index.jsonl"), `${lines.join("\n")}\n`);
  const { list: all, checkpoints } = await list();
  const size = sealed(ids[0] ?? "").length;
  const sizes = checkpoints.filter(({ id }) => ids.includes(id)).map(({ bytes }) => bytes);
  expect(sizes).toEqual(ids.map(() => size));
  expect(all.bytes).toBeLessThan((ids.length + 2) * size);
});

test("what follows itself, or what follows it, is listed once and ends", async () => {
  const [a, b, c] = [newId(), newId(), newId()];
  for (const [id, parent] of [
    [a, b],
    [b, a],
    [c, c],
  ] as const)
    await writeFile(fileOf(id), sealed(id, { parentId: `"${parent}"`, runId: '"r"' }));
  const { list: all, rows } = await list({ order: "branches" });
  expect(all.checkpoints).toBe(5);
  expect(labels(rows).sort()).toEqual(["forged", "forged", "forged", "kept 1", "kept 2"]);
  for (const id of [a, b, c]) expect((await client.call.detail(key(id))).summary.id).toBe(id);
  const policy = { maxCount: 1 };
  const preview = await client.run((functions, job) =>
    functions.prunePreview(job, { folder: "f", policy, agent: null }),
  );
  expect(preview.kept + preview.removedCount).toBe(5);
  expect(new FileCheckpointStore(folder).lineage(c).checkpoints).toHaveLength(1);
});

test("a checkpoint of 200 MB and an index that is one line of 200 MB are answered for within seconds, in little memory", async () => {
  const large = newId();
  const begun = sealed(large).slice(0, -66);
  for (const path of [fileOf(large), join(folder, "B", "index.jsonl")]) {
    await writeFile(path, begun);
    await truncate(path, 200 * 2 ** 20);
  }
  const whole = await forge();
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const { checkpoints } = await list();
  expect(checkpoints.find(({ id }) => id === large)).toMatchObject({ bytes: 200 * 2 ** 20 });
  expect(checkpoints.find(({ id }) => id === whole)).toMatchObject({ label: "forged" });
  expect(await client.call.detail(key(large))).toMatchObject({
    hash: { state: "unreadable" },
    content: null,
    withheld: "It has 200 MiB: open its file to see what is in it.",
  });
  const found = await client.run((functions, job) =>
    functions.search(job, CheckpointQuery.parse({}), "zebra"),
  );
  expect(found).toMatchObject({ found: 0 });
  expect(performance.now() - start).toBeLessThan(8_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 2 ** 20);
  await expect(client.call.restore(key(large))).rejects.toThrow(`Checkpoint ${large} cannot be restored: `);
}, 60_000);

test("texts of megabytes reach nobody but as their beginnings", async () => {
  const long = JSON.stringify(`<script>alert(1)</script>${"x".repeat(2 ** 20)}`);
  for (let i = 0; i < 10; i += 1) await forge({ label: long, runId: long, agentType: '"custom"' });
  await forge({ agent: long });
  const fields = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`f${i}`, "[redacted]"]));
  const context = `{${long}:${JSON.stringify(fields)}}`;
  const deep = await forge({ context });
  const { list: all, rows } = await list({ order: "branches" });
  expect(all.checkpoints).toBe(14);
  expect(JSON.stringify([all, rows]).length).toBeLessThan(100_000);
  expect(labels(rows)).toContain("kept 1");
  const { redacted } = await client.call.detail(key(deep));
  const { differences } = await client.call.compareWithLive(key(deep), `{${long}:{}}`);
  expect([redacted.length, differences.length]).toEqual([200, 400]);
  expect(JSON.stringify([redacted, differences]).length).toBeLessThan(2_000_000);
});

test("a forged hash is told, and nothing goes on from it", async () => {
  const id = await forge();
  await writeFile(fileOf(id), sealed(id).replace('"n":1', '"n":2'));
  await list();
  const reason = "its content does not match its hash";
  expect(await client.call.detail(key(id))).toMatchObject({
    hash: { state: "mismatch", reason },
    content: { context: { n: 2 } },
  });
  const before = await readdir(join(folder, "B"));
  await expect(client.call.restore(key(id))).rejects.toThrow(
    `Checkpoint ${id} cannot be restored: ${reason}.`,
  );
  await expect(client.call.fork(key(id))).rejects.toThrow(reason);
  await expect(client.call.exportText([key(id)])).rejects.toThrow(reason);
  expect(await readdir(join(folder, "B"))).toEqual(before);
});

test("prototype keys are shown as they stand, and never become part of an object", async () => {
  const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}';
  const one = await forge({ context: evil, task: evil });
  const other = await forge({ context: '{"$type":"Object","value":[["__proto__",{"polluted":1}]]}' });
  const strange = await forge({ context: '{"$type":{"toString":1,"valueOf":1},"value":1}' });
  await list();
  const { content, hash } = await client.call.detail(key(one));
  expect(hash).toMatchObject({ state: "unreadable", reason: 'it has the key "__proto__"' });
  expect(Object.keys(content?.context as object)).toEqual(["__proto__", "constructor", "a"]);
  for (const id of [one, other, strange]) {
    await expect(client.call.restore(key(id))).rejects.toThrow(`Checkpoint ${id} cannot be restored: `);
    const { texts } = await client.call.compare(key(kept), key(id));
    expect(texts.b).toMatch(/polluted|toString/);
  }
  const live = await client.call.compareWithLive(key(kept), evil);
  expect(live.differences.map(({ path }) => path).sort()).toEqual([
    "/context/__proto__",
    "/context/a",
    "/context/constructor",
    "/context/n",
  ]);
  const odd = '{"n":{"$type":{"toString":1,"valueOf":1},"value":1}}';
  expect(await client.call.compareWithLive(key(kept), odd)).toMatchObject({ changed: 1 });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("names that lead elsewhere lead nowhere", async () => {
  const names = [
    "../../../evil",
    "..",
    ".",
    "",
    "/etc",
    "a\0b",
    "x".repeat(900),
    "\u202egnp.exe",
    "con",
    "a\\..\\b",
  ];
  await mkdir(join(folder, "\u202egnp"));
  await mkdir(join(folder, "n".repeat(255)));
  for (const agent of names) {
    const id = await forge({ agent: JSON.stringify(agent), runId: '"../../../../etc/passwd"' });
    await list();
    expect(await client.call.detail(key(id))).toMatchObject({ run: null, summary: { agent } });
    const { id: restored } = await client.call.restore(key(id));
    expect(restored).not.toBe(id);
  }
  await expect(client.call.detail(key("../A/x"))).rejects.toThrow(/There is no checkpoint/);
  await expect(client.call.restore(key("\0"))).rejects.toThrow(/There is no checkpoint/);
  expect(await readdir(workspace.root)).toEqual([".proj-intel"]);
  expect((await readdir(join(workspace.root, ".proj-intel"))).sort()).toEqual([".gitignore", "checkpoints"]);
  const { rows } = await list({ agent: "../../../evil" });
  expect(labels(rows)).toEqual(["restored", "forged"]);
});
