import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasFactory } from "../../src/model/setupFile.ts";
import { runSurroundings } from "../../src/runs/runSurroundings.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const agent = `export class DeskAgent {
  constructor(readonly client) { if (!client) throw new Error("no client"); }
  execute() { return { answer: this.client.answer() }; }
}
`;
const setup = (made: string) =>
  `import { DeskAgent } from "./desk.ts";\nexport default { DeskAgent: ${made} };\n`;
const desk = (options = {}) => workspace.run("desk.ts", agent, "DeskAgent", options);

describe("The setup file", () => {
  it("makes an agent, also later, unless constructor arguments are given", async () => {
    await workspace.write(
      "agents.setup.ts",
      setup("async () => new DeskAgent({ answer: (): string => 'set up' })"),
    );
    expect((await desk()).output).toEqual({ answer: "set up" });
    const given = await workspace.run(
      "other.ts",
      "export class DeskAgent { constructor(name) { this.name = name; } execute() { return this.name; } }",
      "DeskAgent",
      { args: ["given"] },
    );
    expect(given.output).toEqual({ output: "given" });
  });

  it.each([
    ["() => { throw new Error('no key'); }", "DeskAgent in the setup file agents.setup.ts failed: no key"],
    ["() => 7", "DeskAgent in the setup file agents.setup.ts made number, which is no agent."],
    [
      "7",
      'DeskAgent in the setup file agents.setup.ts is no function: write "DeskAgent: () => new DeskAgent(…)".',
    ],
  ])("is named where %s is wrong", async (made, message) => {
    await workspace.write("agents.setup.ts", setup(made));
    expect((await desk()).end.error).toMatchObject({ name: "UserError", message });
  });

  it("is named where it cannot be loaded, or exports no factories", async () => {
    await workspace.write("agents.setup.ts", "throw new Error('broken');");
    expect((await desk()).end.error?.message).toBe("The setup file agents.setup.ts cannot be loaded: broken");
  });

  it("is looked through for a class without running it", () => {
    expect(hasFactory(setup("() => new DeskAgent({})"), "DeskAgent")).toBe(true);
    expect(hasFactory("export default { async DeskAgent() { return x; } };", "DeskAgent")).toBe(true);
    expect(hasFactory('import { DeskAgent } from "./desk.ts";\nexport default {};', "DeskAgent")).toBe(false);
    expect(hasFactory("export default { Desk: () => new DeskAgent(1) };", "DeskAgent")).toBe(false);
  });
});

const printing = `export class EnvAgent {
  execute() {
    console.log("key " + process.env.DESK_KEY);
    this.seen = process.env.DESK_KEY;
    return { from: process.env.FROM, city: process.env.CITY, key: process.env.DESK_KEY };
  }
}
`;

describe("The environment of a run", () => {
  it("has the variables of .env, those given, and secrets, the later over the earlier", async () => {
    await workspace.write(".env", 'FROM=file\nCITY="New Harbor"\n');
    expect((await workspace.run("env.ts", printing, "EnvAgent")).output).toMatchObject({
      from: "file",
      city: "New Harbor",
    });
    const found = await runSurroundings(workspace.root, {
      ...{ setupFile: "", envFile: "", variables: { FROM: "settings" }, secrets: { CITY: "hidden place" } },
    });
    expect(found).toEqual({ env: { FROM: "settings", CITY: "hidden place" }, secrets: ["CITY"] });
  });

  it("keeps the values of secrets out of logs, records and checkpoints", async () => {
    const secret = "harbor lights at noon";
    const service = new RunService({
      ...{ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath },
      surroundings: (root) =>
        runSurroundings(root, { setupFile: "", envFile: "", secrets: { DESK_KEY: secret } }),
    });
    try {
      const file = await workspace.write("env.ts", printing);
      const run = service.start({
        root: workspace.root,
        file,
        name: "EnvAgent",
        task: { note: `a ${secret}` },
      });
      let log = "";
      run.onEvent((event) => void (log += event.type === "log" ? event.text : ""));
      expect((await run.finished).status).toBe("success");
      expect(log).toBe("key [redacted]\n");
      const folder = join(workspace.root, ".proj-intel");
      const paths = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = paths.filter((entry) => entry.isFile());
      const texts = await Promise.all(
        files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")),
      );
      expect(files.length).toBeGreaterThan(2);
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      expect(texts.join("")).toContain("a [redacted]");
    } finally {
      await service.dispose();
    }
  });

  it("is refused with a sentence where its file cannot be read", async () => {
    await expect(runSurroundings(workspace.root, { setupFile: "", envFile: "nowhere.env" })).rejects.toThrow(
      "The file of environment variables nowhere.env cannot be read: ENOENT",
    );
  });
});
