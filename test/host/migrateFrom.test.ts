import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

async function migrateFrom(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const command = [join(dist, "cli.cjs"), "migrate", workspace.root, "--from", ...args];
  const child = spawn(process.execPath, command, { cwd: workspace.root });
  const [code, out, err] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}

/** A line as other programs write it. */
const line = (file_path: string, name: string, methods: readonly string[] = []): string =>
  JSON.stringify({
    type: "collector_item",
    parent_collector: "AgentArchitectureCollector",
    item_type: "agent_class",
    file_path,
    name,
    valid: true,
    data: {
      name,
      file_path,
      lineno: 1,
      bases: [],
      methods: methods.map((method) => ({ name: method, lineno: 2, docstring: null })),
      docstring: null,
      agent_type: "general",
    },
  });

test("what becomes of each line is what the index says of the class, not what the line says", async () => {
  await workspace.write("package.json", '{"type":"module"}');
  await workspace.write(
    "src/desk.ts",
    `export class DeskAgent { run(task: string) { return task; } }
export class AgentError extends Error {}
export class Shelf { execute(task: string) { return task; } }
`,
  );
  await workspace.write(
    "lines.jsonl",
    [
      line("src/desk.ts", "DeskAgent"),
      line("./src/desk.ts", "DeskAgent"),
      line("src/desk.ts", "AgentError", ["execute"]),
      line("src/desk.ts", "Shelf", ["execute", "run"]),
      line("src/desk.ts", "Missing", ["execute"]),
      line("src/gone.ts", "GoneAgent", ["execute"]),
      line("../outside.ts", "OutsideAgent", ["execute"]),
      line("agents/desk.py", "DeskAgent", ["execute"]),
      "no line",
    ].join("\n"),
  );
  const { code, out, err } = await migrateFrom("lines.jsonl", "--json");
  expect(code).toBe(0);
  expect(err).toContain("Line 9 of ");
  const answers = out
    .trimEnd()
    .split("\n")
    .map((each) => (JSON.parse(each) as { data: Record<string, unknown> }).data)
    .map(({ file_path, name, status, reason }) => [file_path, name, status, reason]);
  expect(answers).toEqual([
    ["src/desk.ts", "DeskAgent", "migrated", null],
    ["src/desk.ts", "DeskAgent", "skipped", "The file names it twice."],
    ["src/desk.ts", "AgentError", "skipped", "It is not an agent: extends Error."],
    [
      "src/desk.ts",
      "Shelf",
      "skipped",
      "Shelf is not an agent: the index of the folder knows of none with this name in src/desk.ts.",
    ],
    [
      "src/desk.ts",
      "Missing",
      "skipped",
      "src/desk.ts holds no class called Missing (was it moved or renamed?).",
    ],
    ["src/gone.ts", "GoneAgent", "skipped", "src/gone.ts is not found."],
    ["../outside.ts", "OutsideAgent", "skipped", "../outside.ts lies outside the folder."],
    [
      "agents/desk.py",
      "DeskAgent",
      "skipped",
      "It is neither TypeScript nor JavaScript: agents/desk.py is python.",
    ],
  ]);
  const migrated = await readFile(join(workspace.root, "src/desk.ts"), "utf8");
  expect(migrated.match(/class \w+Adapter/g)).toEqual(["class DeskAgentAdapter"]);
});

test("a file that names no class is wrong input", async () => {
  const usage = 'give a file with one class a line, as "opsvi-agents index DIR --write" writes it.';
  await workspace.write("unreadable.jsonl", "one\ntwo\n");
  const unreadable = await migrateFrom("unreadable.jsonl");
  expect([unreadable.code, unreadable.out]).toEqual([2, ""]);
  expect(unreadable.err).toContain(
    `unreadable.jsonl names no class, and 2 of its 2 lines cannot be read: ${usage}\n`,
  );
  await workspace.write("empty.jsonl", "\n");
  expect(await migrateFrom("empty.jsonl")).toEqual({
    ...{ code: 2, out: "" },
    err: `empty.jsonl names no class: ${usage}\n`,
  });
  const missing = await migrateFrom("missing.jsonl");
  expect([missing.code, missing.err]).toEqual([
    2,
    expect.stringMatching(/^There is no index at .*missing\.jsonl: make it with .*\n$/) as string,
  ]);
});
