import { appendFile, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileCheckpointStore, type CheckpointDraft } from "../../src/runtime/index.ts";
import { RunService } from "../../src/runs/runService.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

const draft = (context: unknown, more: Partial<CheckpointDraft> = {}): CheckpointDraft => ({
  ...{ agent: "Worker", agentType: "custom", label: "completed", state: "ready", context, task: { q: 1 } },
  ...{ parentId: null, runId: null, ...more },
});

async function store(): Promise<FileCheckpointStore> {
  await workspace.write("package.json", "{}");
  return new FileCheckpointStore(join(workspace.root, ".proj-intel", "checkpoints"), {
    onWarning: () => undefined,
  });
}

const fileOf = (id: string, agent = "Worker") =>
  join(workspace.root, ".proj-intel", "checkpoints", agent, `${id}.json`);
const data = (out: string) => jsonLines(out).map((line) => (line as { data: Record<string, unknown> }).data);

test("checkpoints list tells those that are asked for, the newest first", async () => {
  const kept = await store();
  expect(await cli("checkpoints", "list")).toEqual({
    code: 0,
    out: "",
    err: `No checkpoint is kept in ${workspace.root}: every run saves one before its agent starts.\n`,
  });
  const first = kept.save(draft({ n: 1 }, { runId: "run-1", label: "started", state: "busy" }));
  const second = kept.save(draft({ n: 2 }, { runId: "run-1", parentId: first.id }));
  const other = kept.save(draft({ n: 3 }, { agent: "Other", stateVersion: 2 }));
  const listed = await cli("checkpoints", "list");
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(listed.out.split("\n").map((line) => line.slice(0, 8))).toEqual([
    ...[other, second, first].map(({ id }) => id.slice(-8)),
    "",
  ]);
  const ids = async (...options: string[]) =>
    data((await cli("checkpoints", "list", "--json", ...options)).out).map(({ id }) => id);
  expect(await ids("--agent", "Worker")).toEqual([second.id, first.id]);
  expect(await ids("--state", "busy")).toEqual([first.id]);
  expect(await ids("--run", "run-1", "--limit", "1")).toEqual([second.id]);
  expect(await ids("--text", "START")).toEqual([first.id]);
  const unknown = await cli("checkpoints", "list", "--agent", "Nobody");
  expect([unknown.code, unknown.err]).toEqual([
    2,
    `Agent "Nobody" has no checkpoints in ${workspace.root}: there are those of "Other", "Worker".\n`,
  ]);
});

test("checkpoints show tells what is kept, and whether it is what was written", async () => {
  const kept = await store();
  const { id } = kept.save(draft({ name: "Ada", apiKey: "sk-live-abcdefghijklmnopqrstuv", go: () => 1 }));
  const shown = await cli("checkpoints", "show", id.slice(-8));
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/^hash +verified$/m);
  expect(shown.out).toMatch(/^redactions +1: \/context\/apiKey$/m);
  expect(shown.out).toMatch(/^not kept +context\.go \(function\)$/m);
  expect(shown.out).not.toContain("abcdefghij");
  const text = await readFile(fileOf(id), "utf8");
  await writeFile(fileOf(id), text.replace("Ada", "Eve"));
  const forged = await cli("checkpoints", "show", id, "--json");
  expect([forged.code, forged.err]).toEqual([
    1,
    `Checkpoint ${id.slice(-8)} cannot be restored: its content does not match its hash.\n`,
  ]);
  expect(data(forged.out)[0]).toMatchObject({ id, hash: { state: "mismatch" } });
  const refused = await cli("checkpoints", "restore", id);
  expect([refused.code, refused.err]).toEqual([
    2,
    `Checkpoint ${id} cannot be restored: its content does not match its hash.\n`,
  ]);
  expect((await cli("checkpoints", "show", "xyz")).err).toMatch(/^There is no checkpoint xyz in /);
  await writeFile(fileOf(id), text.replace('"schemaVersion":1', '"schemaVersion":9'));
  const newer = await cli("checkpoints", "show", id);
  expect([newer.code, newer.err.includes("schema version 9, newer than this version")]).toEqual([1, true]);
});

test("checkpoints list and show tell what needs migration, as the class has it now", async () => {
  const kept = await store();
  const { id } = kept.save(draft({ n: 1 }));
  const { id: other } = kept.save(draft({ n: 1 }, { agent: "Other" }));
  const marked = async () =>
    data((await cli("checkpoints", "list", "--json")).out)
      .filter(({ outdated }) => outdated)
      .map((row) => row["id"]);
  expect(await marked()).toEqual([]);
  await workspace.write(
    "src/worker.js",
    'import { BaseAgent } from "opsvi-agents";\nexport class Worker extends BaseAgent { get stateVersion() { return 2; } }\n',
  );
  expect(await marked()).toEqual([id]);
  expect((await cli("checkpoints", "list", "--agent", "Worker")).out).toMatch(/needs migration\n$/);
  expect((await cli("checkpoints", "show", id)).out).toMatch(/^state version +1, needs migration$/m);
  expect((await cli("checkpoints", "show", other)).out).toMatch(/^state version +1$/m);
  kept.save(draft({ n: 2 }));
  const pruned = await cli("checkpoints", "prune", "--max-count", "1", "--dry-run");
  expect(pruned.out).toMatch(new RegExp(`^${id.slice(-8)} .*needs migration\n$`));
});

test("checkpoints diff tells what differs", async () => {
  const kept = await store();
  const a = kept.save(draft({ n: 1, same: [1, 2], set: new Set(["a"]), at: new Date(0) }));
  const b = kept.save(draft({ n: 2, same: [1, 2], set: new Set(["a", "b"]), at: new Date(0), big: 5n }));
  const { code, out } = await cli("checkpoints", "diff", a.id, b.id, "--json");
  expect(code).toBe(1);
  expect(data(out)).toEqual([
    { kind: "changed", path: "/context/n", before: "1", after: "2" },
    { kind: "added", path: '/context/set/"b"', before: null, after: '"b"' },
    { kind: "added", path: "/context/big", before: null, after: "5n" },
    { a: a.id, b: b.id, added: 2, removed: 0, changed: 1, truncated: false },
  ]);
  expect(await cli("checkpoints", "diff", a.id, a.id)).toEqual({
    code: 0,
    out: "",
    err: "Nothing differs.\n",
  });
});

test("checkpoints restore adds a checkpoint that programs begin with, where the state has not changed its shape", async () => {
  const kept = await store();
  const old = kept.save(draft({ count: 1, tags: new Map([["a", 1]]) }));
  kept.save(draft({ count: 2, tags: new Map() }));
  const restored = await cli("checkpoints", "restore", old.id, "--json");
  expect(restored).toMatchObject({ code: 0, err: "" });
  const latest = (await store()).latest("Worker", { completed: true });
  expect(latest).toMatchObject({ id: data(restored.out)[0]?.["id"], parentId: old.id, label: "restored" });
  expect(latest?.context).toEqual({ count: 1, tags: new Map([["a", 1]]) });
  kept.save(draft({ count: "2", tags: new Map() }));
  expect((await cli("checkpoints", "restore", old.id)).err).toBe(
    `Checkpoint ${old.id} cannot be restored: its "count" is a number, now a string.\n`,
  );
  kept.save(draft({ count: 2, tags: new Map() }, { stateVersion: 2 }));
  const { code, err } = await cli("checkpoints", "restore", old.id);
  expect([code, err.includes("state version 1 and the newest checkpoint of agent")]).toEqual([2, true]);
});

test("checkpoints prune removes what is over the limits, and proves before that the rest restores", async () => {
  const kept = await store();
  const ids = Array.from({ length: 6 }, (_, i) => kept.save(draft({ i })).id);
  const [first = "", second = "", third = ""] = ids;
  expect((await cli("checkpoints", "pin", first)).out).toBe(`pinned  ${first.slice(-8)}\n`);
  const damaged = join(workspace.root, ".proj-intel", "checkpoints", "Worker", `${ids[4] ?? ""}.json`);
  await writeFile(damaged, (await readFile(damaged, "utf8")).replace('"i":4', '"i":9'));
  const before = (await readdir(join(workspace.root, ".proj-intel", "checkpoints", "Worker"))).sort();
  const dry = await cli("checkpoints", "prune", "--max-count", "3", "--dry-run", "--json");
  expect(dry).toMatchObject({ code: 0, err: "" });
  const [preview] = data(dry.out) as [{ removed: { id: string }[] } & Record<string, unknown>];
  expect(preview.removed.map(({ id }) => id)).toEqual([third, second]);
  expect(preview).toMatchObject({ kept: 4, removedCount: 2, dryRun: true });
  expect(preview["proof"]).toMatchObject({ restorable: 3, damagedCount: 1, damaged: [{ id: ids[4] }] });
  expect((await readdir(join(workspace.root, ".proj-intel", "checkpoints", "Worker"))).sort()).toEqual(
    before,
  );
  const pruned = await cli("checkpoints", "prune", "--max-count", "3", "--agent", "Worker");
  expect(pruned.code).toBe(0);
  expect(pruned.err).toContain("could not be restored before either: its content does not match its hash.");
  expect(pruned.err).toMatch(
    /2 checkpoints removed, .* freed; 4 stay \(.*\), and 3 of them can be restored\.\n$/,
  );
  const left = data((await cli("checkpoints", "list", "--json")).out).map(({ id }) => id);
  expect(left).toEqual([ids[5], ids[4], ids[3], first]);
  const refused = await cli("checkpoints", "remove", first);
  expect([refused.code, refused.err]).toEqual([
    2,
    `Nothing was removed: checkpoint ${first.slice(-8)} is pinned; unpin it first.\n`,
  ]);
  await cli("checkpoints", "unpin", first);
  expect((await cli("checkpoints", "remove", first)).out).toBe(`removed  ${first.slice(-8)}\n`);
  expect((await cli("checkpoints", "prune")).err).toMatch(/^Tell what may stay/);
  expect((await cli("checkpoints", "prune", "--max-age", "soon")).code).toBe(2);
});

test("checkpoints export and import move them with ids and history, and take nothing else", async () => {
  const kept = await store();
  const a = kept.save(draft({ n: 1 }));
  const b = kept.save(draft({ n: 2 }, { parentId: a.id }));
  await cli("checkpoints", "export", "--agent", "Worker", "--out", "out.json");
  const again = await cli("checkpoints", "import", "out.json");
  expect([again.code, again.err.includes(`${b.id} is left out: it is there already.`)]).toEqual([1, true]);
  await cli("checkpoints", "remove", a.id, b.id);
  expect(await cli("checkpoints", "import", "out.json")).toMatchObject({
    code: 0,
    err: "2 checkpoints imported.\n",
  });
  expect((await store()).lineage(b.id).checkpoints.map(({ id }) => id)).toEqual([b.id, a.id]);
  const exported = JSON.parse(await readFile(join(workspace.root, "out.json"), "utf8")) as {
    checkpoints: Record<string, unknown>[];
  };
  await cli("checkpoints", "remove", a.id, b.id);
  const [one, two] = exported.checkpoints;
  await workspace.write(
    "hostile.json",
    JSON.stringify({
      ...exported,
      checkpoints: [
        { ...one, id: "../../../etc/passwd" },
        { ...one, context: { n: 9 } },
        { ...two, schemaVersion: 2 },
        null,
      ],
    }),
  );
  const hostile = await cli("checkpoints", "import", "hostile.json");
  expect(hostile).toMatchObject({ code: 1, out: "" });
  expect(hostile.err.split("\n")).toEqual([
    "Number 1 is left out: it is not a checkpoint.",
    "Number 2 is left out: its content does not match its hash.",
    "Number 3 is left out: it has schema version 2, newer than this version of opsvi-agents reads; update it.",
    "Number 4 is left out: it is not a checkpoint.",
    "0 checkpoints imported.",
    "",
  ]);
  await workspace.write("foreign.json", "[1]");
  expect((await cli("checkpoints", "import", "foreign.json")).code).toBe(2);
});

test("what a repository brings along is not followed, does not hang, and is told of", async () => {
  const kept = await store();
  const { id } = kept.save(draft({ n: 1 }));
  const folder = join(workspace.root, ".proj-intel", "checkpoints");
  const outside = await workspace.write("outside/secret.json", "secret");
  const elsewhere = "0193b5a0-0000-7000-8000-000000000001";
  await symlink(outside, fileOf(elsewhere));
  await symlink(join(workspace.root, "outside"), join(folder, "Linked"), "dir");
  const large = "0193b5a0-0000-7000-8000-000000000002";
  await mkdir(join(folder, "Big"));
  await writeFile(fileOf(large, "Big"), '{"schemaVersion":1,');
  await truncate(fileOf(large, "Big"), 200 * 2 ** 20);
  const written = JSON.parse(await readFile(fileOf(id), "utf8")) as object;
  const line = { ...written, bytes: 1e308, id: "../../x", context: 1 };
  await appendFile(join(folder, "Worker", "index.jsonl"), `${JSON.stringify(line)}\n{"__proto__":\n`);
  const listed = await cli("checkpoints", "list", "--json");
  expect(listed.code).toBe(0);
  expect(data(listed.out).map((row) => [row["id"], row["state"]])).toEqual([
    [id, "ready"],
    [large, "unreadable"],
  ]);
  expect((await stat(fileOf(large, "Big"))).size).toBe(200 * 2 ** 20);
  const shown = await cli("checkpoints", "show", large);
  expect([shown.code, shown.err]).toEqual([
    1,
    `It has 200 MiB: open its file to see what is in it.\nCheckpoint ${large.slice(-8)} cannot be restored: it is not complete, or not written by opsvi-agents.\n`,
  ]);
});

test("runs keep as many checkpoints as the retention says", async () => {
  const kept = await store();
  const file = await workspace.write("a.mjs", "export class Worker { run() { return 1; } }");
  for (let i = 0; i < 8; i += 1) kept.save(draft({ i }));
  const service = new RunService({
    hostFile: join(dist, "agentHost.cjs"),
    nodePath: process.execPath,
    surroundings: () => Promise.resolve({ env: {}, secrets: [], retention: { maxCount: 2 } }),
  });
  try {
    const { status } = await service.start({ root: workspace.root, file, name: "Worker", task: 1 }).finished;
    expect(status).toBe("success");
  } finally {
    await service.dispose();
  }
  expect((await store()).list("Worker").length).toBeLessThan(5);
});

test("runs of the command line keep as many checkpoints as --retention says", async () => {
  const kept = await store();
  await workspace.write("a.mjs", "export class Worker { run() { return 1; } }");
  for (let i = 0; i < 8; i += 1) kept.save(draft({ i }));
  const run = (...options: string[]) => cli("run", "a.mjs#Worker", "--task", "1", ...options);
  expect((await run()).code).toBe(0);
  expect((await store()).list("Worker")).toHaveLength(10);
  expect((await run("--retention", "max-count=2,max-age=30d,max-bytes=1MB")).code).toBe(0);
  expect((await store()).list("Worker").length).toBeLessThan(5);
  for (const wrong of ["2", "max-count=0", "max-count=2,max-count=3", "max-age=soon", "constructor=1", ""]) {
    const { code, err } = await run("--retention", wrong);
    expect([code, err.includes("--retention")]).toEqual([2, true]);
  }
});

test("checkpoints export leaves out what is damaged of an agent, and tells of it", async () => {
  const kept = await store();
  const [whole, forged, torn] = [1, 2, 3].map((n) => kept.save(draft({ n })).id) as [string, string, string];
  const text = await readFile(fileOf(forged), "utf8");
  await writeFile(fileOf(forged), text.replace('"n":2', '"n":7'));
  await truncate(fileOf(torn), 50);
  const some = await cli("checkpoints", "export", "--agent", "Worker");
  expect([some.code, some.err.split("\n")]).toEqual([
    1,
    [
      `Checkpoint ${torn} cannot be exported: it is not complete JSON.`,
      `Checkpoint ${forged} cannot be exported: its content does not match its hash.`,
      "",
    ],
  ]);
  expect((JSON.parse(some.out) as { checkpoints: unknown[] }).checkpoints).toMatchObject([{ id: whole }]);
  expect(await cli("checkpoints", "export", forged)).toMatchObject({ code: 2, out: "" });
  await truncate(fileOf(whole), 50);
  const none = await cli("checkpoints", "export", "--agent", "Worker", "--out", "out.json");
  expect([none.code, none.err.split("\n").at(-2)]).toEqual([
    2,
    "Nothing was exported: none of these checkpoints is whole.",
  ]);
});
