import { access, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli, start } = commandLine(workspace);

const AGENTS = `
  import { existsSync } from "node:fs";
  export class Echo { run(task) { console.log("heard", task.q); return { heard: task }; } }
  export class Once { run() { if (!existsSync("ready")) throw new TypeError("not ready"); return "done"; } }`;

async function twoRuns(): Promise<{ echo: string; once: string }> {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  const echo = workspace.start("a.mjs#Echo", { q: 1 });
  await echo.finished;
  const once = workspace.start("a.mjs#Once", 2);
  await once.finished;
  return { echo: echo.id, once: once.id };
}

test("runs list shows the runs, the newest first, and those that are asked for", async () => {
  expect(await cli("runs", "list", ".")).toEqual({
    code: 0,
    out: "",
    err: `No run is recorded in ${workspace.root}: start one with opsvi-agents run FILE#Class --task JSON.\n`,
  });
  const { echo, once } = await twoRuns();
  const { code, out, err } = await cli("runs", "list");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [first, second, ...further] = out.split("\n");
  expect(first).toMatch(
    new RegExp(
      `^${once.slice(-8)}  failed   [\\d-]{10} [\\d:]{8}  [\\d.]+ m?s +a\\.mjs#Once  TypeError: not ready$`,
    ),
  );
  expect(second).toMatch(new RegExp(`^${echo.slice(-8)}  success  .* a\\.mjs#Echo$`));
  expect(further).toEqual([""]);
  const json = async (...options: string[]) =>
    jsonLines((await cli("runs", "list", "--json", ...options)).out).map(
      (run) => (run as { runId: string }).runId,
    );
  expect(await json()).toEqual([once, echo]);
  expect(await json("--limit", "1")).toEqual([once]);
  expect(await json("--state", "success")).toEqual([echo]);
  expect(await json("--agent", "a.mjs#Echo")).toEqual([echo]);
  expect(await json("--agent", "Once", "--state", "success")).toEqual([]);
});

test("runs show tells one run, named by the beginning or the end of its id", async () => {
  const { echo, once } = await twoRuns();
  const shown = await cli("runs", "show", echo.slice(-6), "--log");
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toContain(`run         ${echo}\n`);
  expect(shown.out).toMatch(/^task +\{"q":1\}$/m);
  expect(shown.out.endsWith('"q": 1\n  }\n}\nheard 1\n')).toBe(true);
  const failed = await cli("runs", "show", once, "--json");
  expect(jsonLines(failed.out)).toMatchObject([
    { runId: once, state: "failed", task: 2, args: [], error: { name: "TypeError", message: "not ready" } },
  ]);
  const both = await cli("runs", "show", echo.slice(0, 4));
  expect(both).toMatchObject({ code: 2, out: "" });
  expect(both.err).toBe(
    `${echo.slice(0, 4)} names 2 runs (${once.slice(-8)}, ${echo.slice(-8)}): give more of the id.\n`,
  );
  const none = await cli("runs", "show", "xyz");
  expect([none.code, none.err.startsWith("There is no run xyz in ")]).toEqual([2, true]);
});

test("runs resume goes on with a run, once; runs discard removes records", async () => {
  const { echo, once } = await twoRuns();
  await workspace.write("ready", "");
  const resumed = await cli("runs", "resume", once.slice(-8));
  expect([resumed.code, JSON.parse(resumed.out)]).toEqual([0, { output: "done" }]);
  const again = await cli("runs", "resume", once);
  expect([again.code, again.err.includes("was resumed already")]).toEqual([2, true]);
  expect((await cli("runs", "discard")).err).toMatch(/^Name the runs to discard/);
  expect((await cli("runs", "discard", once, "xyz")).code).toBe(2);
  const interrupted = await cli("runs", "discard", "--interrupted");
  expect(interrupted).toEqual({ code: 0, out: "", err: "0 runs discarded; checkpoints stay.\n" });
  const discarded = await cli("runs", "discard", once, echo.slice(-8));
  expect(discarded.out).toBe(`discarded  ${once.slice(-8)}\ndiscarded  ${echo.slice(-8)}\n`);
  expect((await listRuns(workspace.root)).map(({ state, resumes }) => [state, resumes])).toEqual([
    ["success", once],
  ]);
});

test("run and runs show say how a run was stopped", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", `export class Spin { run() { for (;;); } }`);
  const run = await cli("run", "a.mjs#Spin", "--task", "1", "--timeout", "300", "--retries", "0");
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/^failed {4}\d+ ms, stopped by ending its thread$/m);
  const [stopped] = await listRuns(workspace.root);
  const shown = await cli("runs", "show", stopped?.runId ?? "");
  expect(shown.out).toMatch(/^state {7}failed\nqueued .*\nstopped {5}by ending its thread\nduration /m);
});

test("runs cancel stops runs of other processes, and says of others that they have ended", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write(
    "a.mjs",
    `export class Waits { run() { return new Promise((done) => setTimeout(done, 60_000)); } }`,
  );
  const { ended } = start("run", "a.mjs#Waits", "--task", "1");
  const own = workspace.start("a.mjs#Waits", 2);
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
  await expect.poll(states, { timeout: 10_000 }).toEqual(["running", "running"]);
  const other = (await listRuns(workspace.root)).find(({ runId }) => runId !== own.id)?.runId ?? "";
  expect(await cli("runs", "cancel", other, "xyz")).toMatchObject({ code: 2, out: "" });
  expect(await states()).toEqual(["running", "running"]);
  expect(await cli("runs", "cancel", other.slice(-8), own.id)).toEqual({
    ...{ code: 0, err: "" },
    out: `cancelled  ${other.slice(-8)}\ncancelled  ${own.id.slice(-8)}\n`,
  });
  expect(await states()).toEqual(["cancelled", "cancelled"]);
  expect((await ended).code).toBe(130);
  expect(await cli("runs", "cancel", other)).toEqual({
    ...{ code: 2, out: "", err: `Run ${other} has ended already.\n` },
  });
});

test("a delayed run that another process cancels ends at once, and its process with it", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  const { ended } = start("run", "a.mjs#Echo", "--task", "1", "--delay", "600000");
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
  await expect.poll(states, { timeout: 10_000 }).toEqual(["queued"]);
  const runId = (await listRuns(workspace.root))[0]?.runId ?? "";
  expect(await cli("runs", "cancel", runId)).toMatchObject({ code: 0 });
  expect((await ended).code).toBe(130);
  expect(await states()).toEqual(["cancelled"]);
});

test("runs show and runs discard know records by the names of their files, and say in a sentence what cannot be read", async () => {
  await workspace.write("package.json", "{}");
  const queued = {
    type: "queued",
    runId: "inner",
    time: "never",
    agent: { file_path: "a.mjs", name: "A" },
    task: 1,
  };
  const record = `${JSON.stringify({ ...queued, retries: 0, timeoutMs: null })}\n`;
  await workspace.write(".proj-intel/runs/outer.jsonl", record);
  await workspace.write(".proj-intel/runs/folder.jsonl/a", "");
  await symlink(workspace.root, join(workspace.root, ".proj-intel/runs/link.jsonl"));
  expect(await cli("runs", "show", "folder")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^There is no run/) as string,
  });
  expect(await cli("runs", "show", "link")).toMatchObject({
    code: 2,
    err: "The record of run link cannot be read (EISDIR).\n",
  });
  const { out } = await cli("runs", "list");
  expect(out).toMatch(/^outer {2}interrupted {2,}a\.mjs#A\n$/);
  expect((await cli("runs", "discard", "--interrupted", "outer")).err).toMatch(/not both/);
  expect(await cli("runs", "discard", "--interrupted")).toMatchObject({ code: 0, out: "discarded  outer\n" });
});

test("a record whose process ended as it began is listed, shown and discarded as one that cannot be read", async () => {
  const { echo, once } = await twoRuns();
  const torn = ["torn-one", "torn-two"].map((id) => `.proj-intel/runs/${id}.jsonl`);
  const long = new Date("2026-01-02T03:04:05.000Z");
  for (const file of torn) {
    await workspace.write(file, '{"type":"que');
    await utimes(join(workspace.root, file), long, long);
  }
  const { out } = await cli("runs", "list", "--state", "unreadable");
  expect(out).toMatch(/^torn-two {2}unreadable {2}[\d-]{10} [\d:]{8} +UnreadableError: The record does not/);
  const shown = await cli("runs", "show", "torn-one");
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(
    /^run +torn-one\nstate +unreadable\nwritten .*\nerror +The record does not begin/,
  );
  expect(shown.out).toMatch(/^discard with +opsvi-agents runs discard torn-one$/m);
  const json = await cli("runs", "show", "torn-one", "--json");
  expect(jsonLines(json.out)).toMatchObject([{ runId: "torn-one", state: "unreadable" }]);
  expect((await cli("runs", "resume", "torn-one")).err).toMatch(/so it cannot be resumed\.\n$/);
  expect((await cli("runs", "discard", "torn-one")).out).toBe("discarded  torn-one\n");
  expect((await cli("runs", "discard", "--interrupted")).out).toBe("discarded  torn-two\n");
  for (const file of torn) await expect(access(join(workspace.root, file))).rejects.toThrow("ENOENT");
  expect((await listRuns(workspace.root)).map(({ runId }) => runId)).toEqual([once, echo]);
});
