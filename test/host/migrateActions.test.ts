import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, jsonLines } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);
const read = (path: string): Promise<string> => readFile(join(workspace.root, path), "utf8");

const parser = `/** Parses. */
export class ParserAgent {
  private seen = 0;

  async execute(task: { text: string }): Promise<{ length: number; seen: number }> {
    this.seen += 1;
    if (task.text === "") throw new TypeError("Nothing to parse.");
    return { length: task.text.length, seen: this.seen };
  }
}
`;
const called = `export class CalledAgent {
  run(text: string) {
    return text.length;
  }
}
`;
const caller = `import { CalledAgent } from "./called";\n\nexport const length = new CalledAgent().run("four");\n`;
const config = {
  compilerOptions: {
    strict: true,
    module: "commonjs",
    target: "es2022",
    rootDir: ".",
    outDir: "out",
    types: [],
  },
  include: ["src"],
};

async function writeProject(): Promise<void> {
  await workspace.write("package.json", `{ "name": "shop", "private": true }`);
  await workspace.write("tsconfig.json", JSON.stringify(config));
  await workspace.write("src/parser.ts", parser);
  await workspace.write("src/called.ts", called);
  await workspace.write("src/caller.ts", caller);
}

test("migrate --rewrite makes a class a BaseAgent that runs as before, once, and undo takes it back to the byte", async () => {
  await writeProject();
  const agent = "src/parser.ts#ParserAgent";
  const run = async (task: string) => {
    const { code, out, err } = await cli("run", agent, "--task", task);
    return { code, out, says: /TypeError: .*/.exec(err)?.[0] };
  };
  const before = [await run(`{ "text": "four" }`), await run(`{ "text": "" }`)];
  expect(JSON.parse(before[0]?.out ?? "")).toEqual({ length: 4, seen: 1 });
  expect(before[1]).toEqual({ code: 1, out: "", says: "TypeError: Nothing to parse." });

  const dry = await cli("migrate", agent, "--rewrite", "--dry-run");
  expect(dry.code).toBe(0);
  expect(dry.out).toMatch(/^\+export class ParserAgent extends BaseAgent</m);
  expect(await read("src/parser.ts")).toBe(parser);

  const rewritten = await cli("migrate", agent, "--rewrite", "--verify", "--json");
  expect(rewritten).toMatchObject({ code: 0, err: "" });
  expect(jsonLines(rewritten.out)).toMatchObject([
    {
      type: "migration",
      data: { name: "ParserAgent", status: "migrated", adapter: "ParserAgent", reason: null },
    },
  ]);
  const text = await read("src/parser.ts");
  expect(text).toContain("export class ParserAgent extends BaseAgent<");
  expect(text).toContain("  protected async executeImpl(task: { text: string })");
  expect([await run(`{ "text": "four" }`), await run(`{ "text": "" }`)]).toEqual(before);

  const log = await read(".proj-intel/migrations.jsonl");
  expect(await cli("migrate", agent, "--rewrite")).toEqual({
    code: 2,
    out: "",
    err: "ParserAgent is a BaseAgent already.\n",
  });
  expect(await read("src/parser.ts")).toBe(text);
  expect(await read(".proj-intel/migrations.jsonl")).toBe(log);

  expect((await cli("migrate", agent, "--undo")).code).toBe(0);
  expect(await read("src/parser.ts")).toBe(parser);
  expect(existsSync(join(workspace.root, "opsvi-agents"))).toBe(false);
}, 120_000);

test("migrate --rewrite refuses a class that is called by code, says where, and writes nothing", async () => {
  await writeProject();
  const sentence = "CalledAgent has its run called or taken in src/caller.ts:3.";
  expect(await cli("migrate", "src/called.ts#CalledAgent", "--rewrite")).toEqual({
    code: 2,
    out: "",
    err: `${sentence}\n`,
  });
  // Among several it is left out, and the others are rewritten.
  const both = await cli(
    "migrate",
    ".",
    "src/called.ts#CalledAgent",
    "src/parser.ts#ParserAgent",
    "--rewrite",
  );
  expect(both.code).toBe(0);
  expect(both.out).toContain(`skipped   src/called.ts#CalledAgent  ${sentence}\n`);
  expect(both.out).toContain("migrated  src/parser.ts#ParserAgent  ParserAgent\n");
  expect(await read("src/called.ts")).toBe(called);
  expect(await read("src/caller.ts")).toBe(caller);
  expect((await cli("migrate", ".", "--undo")).code).toBe(0);
  expect(await read("src/parser.ts")).toBe(parser);
}, 120_000);

test("migrate --update works beside the class, and leaves what was edited by hand", async () => {
  await writeProject();
  const agent = "src/called.ts#CalledAgent";
  const beside = "src/calledAdapter.ts";
  expect((await cli("migrate", agent, "--placement", "sibling-file")).code).toBe(0);
  const grown = called.replace("CalledAgent {", "CalledAgent<T = string> {");
  await workspace.write("src/called.ts", grown);
  const updated = await cli("migrate", agent, "--update", "--verify");
  expect(updated.out).toContain(`migrated  ${agent}  CalledAgentAdapter\n`);
  expect(updated.code).toBe(0);
  expect(await read(beside)).toContain("class CalledAgentAdapter<T = string> extends");
  expect((await cli("migrate", agent, "--update")).out).toContain(
    `skipped   ${agent}  CalledAgentAdapter is up to date: what it was made from in CalledAgent has not changed.\n`,
  );

  const edited = (await read(beside)).replace('agentType: "called"', 'agentType: "mine"');
  await workspace.write(beside, edited);
  await workspace.write("src/called.ts", called);
  const reason =
    "CalledAgentAdapter was written or edited by hand, and an update would undo that: make it follow CalledAgent by hand, or delete it and migrate CalledAgent again.";
  expect(await cli("migrate", agent, "--update")).toEqual({ code: 2, out: "", err: `${reason}\n` });
  const several = await cli("migrate", ".", agent, "src/parser.ts#ParserAgent", "--update");
  expect(several.code).toBe(0);
  expect(several.out).toContain(`skipped   ${agent}  ${reason}\n`);
  expect(await read(beside)).toBe(edited);

  await workspace.write(beside, edited.replace('agentType: "mine"', 'agentType: "called"'));
  expect((await cli("migrate", agent, "--undo")).code).toBe(0);
  expect(existsSync(join(workspace.root, beside))).toBe(false);
}, 120_000);
