import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plannedAdapter, writtenAdapter } from "../../src/migration/adapterSource.ts";
import { parityReport } from "../../src/migration/parityReport.ts";
import type { MigrationPlan } from "../../src/model/migrationPlan.ts";
import type { AdapterSource, ParityReport, ParityRun, ParityTask } from "../../src/model/parity.ts";
import { runSurroundings } from "../../src/runs/runSurroundings.ts";
import { ParityRunner, type ParityListener } from "../../src/runs/parityRunner.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
let runner = new ParityRunner({ hostFile: "" });

beforeEach(() => {
  runner = new ParityRunner({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath });
});
afterEach(() => runner.dispose());

/** What a migration would leave: an import at the start, an adapter at the end. */
async function planned(path: string, name: string, options = ""): Promise<AdapterSource> {
  const file = join(workspace.root, path);
  const before = await readFile(file, "utf8");
  const common = path.endsWith(".cjs");
  const names = "{ UniversalAgentAdapter }";
  const first = common
    ? `const ${names} = require("./opsvi-agents/core.cjs");\n`
    : `import ${names} from "./opsvi-agents/core.mjs";\n`;
  const last = `${common ? "" : "export "}class ${name}Adapter extends UniversalAgentAdapter {
    constructor(...args) { super(new ${name}(...args), { agentType: "x", name: "${name}"${options} }); }
  }
  ${common ? `module.exports.${name}Adapter = ${name}Adapter;` : ""}`;
  const edits = [
    { start: 0, end: 0, text: first },
    { start: before.length, end: before.length, text: `\n${last}\n` },
  ];
  const plan: MigrationPlan = {
    ...{ action: "migrate", file_path: path, name, adapter: `${name}Adapter` },
    changes: [{ path: file, before, edits }],
  };
  return plannedAdapter(plan);
}

async function runs(
  path: string,
  name: string,
  adapter: AdapterSource,
  tasks: unknown[],
  { args = [], timeoutMs, ...listener }: ParityListener & { args?: unknown[]; timeoutMs?: number } = {},
): Promise<ParityRun[]> {
  const given = tasks.map((task): ParityTask => ({ task, args }));
  const { root } = workspace;
  const request = { root, file: join(root, path), name, adapter, tasks: given, timeoutMs };
  const found: ParityRun[] = [];
  for await (const run of runner.run(request, listener)) found.push(run);
  return found;
}

async function compare(path: string, text: string, name: string, tasks: unknown[]): Promise<ParityReport> {
  await workspace.write(path, text);
  const adapter = await planned(path, name);
  const found = await runs(path, name, adapter, tasks);
  // Nothing is recorded, and nothing of the migration is written.
  expect(existsSync(join(workspace.root, ".proj-intel"))).toBe(false);
  expect(existsSync(join(workspace.root, "opsvi-agents"))).toBe(false);
  return parityReport({ file_path: path, name, adapter: adapter.name }, found);
}

test("a TypeScript class with state, and what its modules keep, begins anew each time", async () => {
  await workspace.write("src/counter.ts", "export let calls = 0; export const next = (): number => ++calls;");
  const report = await compare(
    "agent.ts",
    `import { next } from "./src/counter.ts";
     export class Tally { private readonly seen = new Map<string, number>(); last?: Date; n = 1n;
       initialize(): void { this.seen.set("ready", 1); }
       async execute(task: { word: string; done?: boolean }): Promise<{ calls: number }> {
         this.seen.set(task.word, next()); this.last = new Date(0); task.done = true;
         return { calls: this.seen.get(task.word)! };
       } }`,
    "Tally",
    [{ word: "tea" }, { word: "coffee" }],
  );
  expect(report).toMatchObject({ name: "Tally", adapter: "TallyAdapter", same: true });
  expect(report.tasks[1]).toMatchObject({
    task: { word: "coffee" },
    differences: [],
    legacy: {
      end: "returned",
      value: { calls: 1 },
      task: { word: "coffee", done: true },
      before: { seen: { $type: "Map", value: [["ready", 1]] }, n: { $type: "bigint", value: "1" } },
      after: {
        seen: {
          $type: "Map",
          value: [
            ["ready", 1],
            ["coffee", 1],
          ],
        },
        last: { $type: "Date", value: "1970-01-01T00:00:00.000Z" },
      },
    },
  });
  const durations = { durationMs: expect.any(Number) as number };
  expect(report.tasks[1]?.adapter).toEqual({ ...report.tasks[1]?.legacy, ...durations });
});

test("a CommonJS class", async () => {
  const text = `class Add { run(a, b) { return new Set([a + b]); } }\nmodule.exports = { Add };`;
  const report = await compare("add.cjs", text, "Add", [{ a: 1, b: 2 }]);
  expect(report.same).toBe(true);
  expect(report.tasks[0]?.adapter.value).toEqual({ $type: "Set", value: [3] });
});

test("a class that throws: the same error, with its own fields; what the adapter rolls back is no difference", async () => {
  const text = `class Limit extends Error { name = "Limit"; code = 7; }
    export class Spender { spent = []; run(task) { this.spent.push(task); throw new Limit("too much", { cause: task }); } }`;
  const { same, tasks } = await compare("a.mjs", text, "Spender", [5]);
  expect(same).toBe(true);
  expect(tasks[0]?.adapter).toMatchObject({
    end: "threw",
    error: { $class: "Limit", message: "too much", cause: 5, code: 7 },
  });
  expect(tasks[0]?.differences).toEqual([
    { path: "state.spent.length", legacy: 1, adapter: 0, excuse: "rolled back" },
  ]);
});

test("what a class does differently each time is no difference; all else is", async () => {
  const text = `import { randomUUID } from "node:crypto";
    export class Drawer { run(task) { return { id: randomUUID(), [randomUUID()]: 1, of: task, by: new Error().stack.includes("Adapter") ? "adapter" : "class" }; } }`;
  const { same, tasks } = await compare("a.mjs", text, "Drawer", ["x"]);
  expect(same).toBe(false);
  const real = tasks[0]?.differences.filter(({ excuse }) => excuse === null);
  expect(real).toEqual([{ path: "value.by", legacy: "class", adapter: "adapter", excuse: null }]);
  expect(tasks[0]?.differences).toHaveLength(4);
});

test("shows what instances of classes hold, and says what cannot be seen", async () => {
  const text = `class Answer { constructor(text) { this.text = text; } get size() { throw new Error("read"); } }
    export class Guide { #secret = 1; kept = []; run(task) { const answer = new Answer(task); this.kept.push(answer); return answer; } }`;
  const { tasks } = await compare("a.mjs", text, "Guide", ["left"]);
  expect(tasks[0]?.legacy).toMatchObject({
    value: { $class: "Answer", text: "left" },
    after: { kept: [{ $class: "Answer", text: "left" }] },
    unseen: ["private fields"],
  });
});

test("a class that hangs is stopped on both sides, and so is one that exits", async () => {
  const text = `export class Loop { run(task) { if (task === "exit") process.exit(3); if (task === "wait") return new Promise((r) => setTimeout(r, 60_000)); for (;;); } }`;
  await workspace.write("a.mjs", text);
  const adapter = await planned("a.mjs", "Loop");
  const found = [
    ...(await runs("a.mjs", "Loop", adapter, ["loop", "wait"], { timeoutMs: 700 })),
    ...(await runs("a.mjs", "Loop", adapter, ["exit"])),
  ];
  const report = parityReport({ file_path: "a.mjs", name: "Loop", adapter: "LoopAdapter" }, found);
  const timeout = { $class: "TimeoutError", message: "The run took longer than 700 ms and was stopped." };
  const exit = { $class: "ProcessExitError", message: "The agent called process.exit(3)." };
  expect(report.tasks.map(({ legacy, adapter }) => [legacy.error, adapter.error])).toEqual([
    [timeout, timeout],
    [timeout, timeout],
    [exit, exit],
  ]);
  expect(report.same).toBe(true);
});

test("cancelling ends what is under way and every process", async () => {
  await workspace.write("a.mjs", `export class Loop { run() { console.log(process.pid); for (;;); } }`);
  const abort = new AbortController();
  let pid = 0;
  const ended = runs("a.mjs", "Loop", await planned("a.mjs", "Loop"), [1], {
    signal: abort.signal,
    onEvent: (_side, event) => {
      if (event.type === "log") pid = Number(event.text);
      abort.abort();
    },
  });
  await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  await runner.dispose();
  expect(await livesAfter(pid, 2_000)).toBe(false);
});

test("the adapter on the disk is the one that is compared, also in a file of its own and with a method it names", async () => {
  await workspace.write("opsvi-agents/core.mjs", await readFile(join(dist, "core/core.mjs"), "utf8"));
  const class_ = `export class Desk { run() { return "run"; } answer(task) { return "answered " + task; } }`;
  const adapter = (method: string) => `import { UniversalAgentAdapter } from "./opsvi-agents/core.mjs";
    import { Desk } from "./desk.mjs";
    export class DeskAdapter extends UniversalAgentAdapter {
      constructor(...args) { super(new Desk(...args), { agentType: "desk", name: "Desk", method: "${method}" }); }
      async executeAsync(task, options) { return super.executeAsync(task + "!", options); }
    }`;
  await workspace.write("desk.mjs", class_);
  const file = await workspace.write("deskAdapter.mjs", adapter("answer"));
  const source = writtenAdapter("DeskAdapter", file, adapter("answer"));
  expect(source.method).toBe("answer");
  const found = await runs("desk.mjs", "Desk", source, ["tea"]);
  const report = parityReport({ file_path: "desk.mjs", name: "Desk", adapter: "DeskAdapter" }, found);
  expect(report.tasks[0]?.differences).toEqual([
    { path: "value", legacy: "answered tea", adapter: "answered tea!", excuse: null },
  ]);
});

test("an adapter that cannot be loaded is a difference; a class that cannot be is a wrong request", async () => {
  await workspace.write("a.mjs", `export class A { run() { return 1; } }`);
  const adapter = await planned("a.mjs", "A");
  const broken = { ...adapter, planned: [{ path: adapter.file, text: `throw new Error("broken");` }] };
  const [run] = await runs("a.mjs", "A", broken, [1]);
  expect(run?.adapter).toMatchObject({ end: "stopped", error: { $class: "Error", message: "broken" } });
  expect(run?.legacy).toMatchObject({ end: "returned", value: 1 });
  await workspace.write("a.mjs", `throw new Error("no database"); export class A { run() {} }`);
  await expect(runs("a.mjs", "A", adapter, [1])).rejects.toMatchObject({
    name: "UserError",
    message: "A cannot be loaded: no database",
  });
  await workspace.write("a.mjs", `export class A { constructor(llm) { llm.name; } run() {} }`);
  await expect(runs("a.mjs", "A", adapter, [1])).rejects.toThrow(
    "A cannot be constructed without arguments (llm)",
  );
});

test("the constructor's arguments reach both", async () => {
  await workspace.write(
    "a.mjs",
    `export class A { constructor(x) { this.x = x; } run(y) { return this.x + y; } }`,
  );
  const [run] = await runs("a.mjs", "A", await planned("a.mjs", "A"), [2], { args: [40] });
  expect([run?.legacy.value, run?.adapter.value, run?.again]).toEqual([42, 42, null]);
});

const KEYED = `export class Keyed {
  constructor(client) { if (!client) throw new Error("no client"); this.client = client; }
  run() { return [this.client.name, process.env.PARITY_PLACE ?? null, process.env.PARITY_KEY ?? null]; }
}`;
const KEYED_ADAPTER = `import { UniversalAgentAdapter } from "./opsvi-agents/core.mjs";
  import { Keyed } from "./keyed.mjs";
  export class KeyedAdapter extends UniversalAgentAdapter {
    constructor(...args) { super(new Keyed(...args), { agentType: "x", name: "Keyed" }); }
  }`;

test("both have the environment of runs, and are made by the setup file where it makes both", async () => {
  await workspace.write("keyed.mjs", KEYED);
  await workspace.write("opsvi-agents/core.mjs", await readFile(join(dist, "core/core.mjs"), "utf8"));
  const file = await workspace.write("keyedAdapter.mjs", KEYED_ADAPTER);
  await workspace.write(".env", "PARITY_PLACE=desk\n");
  runner = new ParityRunner({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath }, (root) =>
    runSurroundings(root, { setupFile: "", envFile: "", secrets: { PARITY_KEY: "key-1234567890" } }),
  );
  const source = writtenAdapter("KeyedAdapter", file, KEYED_ADAPTER);
  const setup = (...factories: string[]) =>
    workspace.write(
      "agents.setup.mjs",
      `import { Keyed } from "./keyed.mjs"; import { KeyedAdapter } from "./keyedAdapter.mjs";
       const client = { name: "set up" };
       export default { ${factories.join(", ")} };`,
    );
  await setup("Keyed: () => new Keyed(client)", "KeyedAdapter: () => new KeyedAdapter(client)");
  const [run] = await runs("keyed.mjs", "Keyed", source, [1]);
  expect([run?.legacy.value, run?.adapter.value, run?.again]).toEqual([
    ...[
      ["set up", "desk", "[redacted]"],
      ["set up", "desk", "[redacted]"],
    ],
    null,
  ]);
  // What a factory alone would do would look like a difference.
  await setup("Keyed: () => new Keyed(client)");
  await expect(runs("keyed.mjs", "Keyed", source, [1])).rejects.toThrow(
    "Keyed cannot be constructed without arguments (client)",
  );
});
