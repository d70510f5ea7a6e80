import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const registered = `
    this.registerTool("shelf", ({ floor, warm }) => ({ shelf: floor * 10, warm }), {
      description: "Finds a shelf",
      parameters: shelfParameters,
    });
    this.registerTool("fail", () => { throw new Error("no lamp there"); });
    this.registerTool("hang", () => { for (;;); });`;
/** A schema without a library: the workspace of this test has none. */
const parameters = `
const schema = { type: "object", properties: { floor: { type: "integer", minimum: 0, description: "Counted from the ground" }, warm: { type: "boolean" } }, required: ["floor"] };
const validate = (value) => Number.isInteger(value?.floor) ? { value } : { issues: [{ message: "must be a whole number", path: ["floor"] }] };
const shelfParameters = { "~standard": { version: 1, vendor: "shop", validate, jsonSchema: { input: () => schema } } };`;
const vscode = useVSCode("tools", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "src/registry.mjs": `import { ToolRegistry } from "../opsvi-agents/core.mjs";
export const registry = new ToolRegistry();
registry.register("pay", () => "paid", { description: "Pays a bill", requiredCapabilities: ["billing"] });
registry.register("greet", (name) => \`Hello \${name}\`);
`,
    "src/clerkAgent.mjs": `import { BaseAgent } from "../opsvi-agents/core.mjs";
import { registry } from "./registry.mjs";
${parameters}
export class ClerkAgent extends BaseAgent {
  constructor() {
    super({ name: "clerk", agentType: "ClerkAgent" }, { tools: registry });${registered}
  }
  executeImpl(task) {
    this.executeTool("shelf", { floor: 1 });
    this.executeTool("shelf", { floor: 2 });
    try { this.executeTool("fail"); } catch {}
    return { done: task };
  }
}
`,
    "src/deskAgent.ts": `export class DeskAgent {
  private readonly tools = new Map<string, (n: number) => number>([["double", (n) => n * 2]]);
  constructor(readonly room: string) {}
  callTool(name: string, n: number) { return { room: this.room, got: this.tools.get(name)?.(n) }; }
  execute(task: string) { return task; }
}
`,
    "src/plainAgent.ts": "export class PlainAgent {\n  execute(task: string) {\n    return task;\n  }\n}\n",
  },
});
const slow = { timeout: 60_000, interval: 200 };

describe("The Tools view", () => {
  it("shows the agents that have tools, and their tools when one is opened", async () => {
    const { workbench } = vscode;
    const view = await workbench.tools();
    await expect
      .poll(() => view.picture(), slow)
      .toEqual(["▸ ClerkAgent  src/clerkAgent.mjs", "▸ DeskAgent  src/deskAgent.ts"]);
    await view.expand("ClerkAgent");
    await expect
      .poll(() => view.pictureOf("ClerkAgent"), slow)
      .toEqual([
        "▾ ClerkAgent  src/clerkAgent.mjs",
        "  fail  not used yet",
        "  greet  not used yet · shared",
        "  hang  not used yet",
        "  pay  not used yet · may not be called",
        "  shelf  not used yet",
      ]);
  });

  it("runs a tool alone, with parameters that are checked, and shows the result", async () => {
    const { workbench } = vscode;
    const view = await workbench.tools();
    await view.chooseFromMenu("shelf", "Run Tool…");
    const { quickInput } = workbench;
    await expect.poll(() => quickInput.title(), slow).toContain("Run shelf of ClerkAgent: floor");
    await quickInput.answer("low");
    await expect.poll(() => quickInput.message(), slow).toContain("must be a whole number");
    await quickInput.answer("3");
    await expect.poll(() => quickInput.title(), slow).toContain("Run shelf of ClerkAgent: warm");
    await quickInput.pick("true");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("shelf result.json");
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"shelf": 30');
    await expect.poll(() => view.pictureOf("shelf"), slow).toEqual(["shelf  used 1 time"]);
    await workbench.run("View: Close All Editors");
  });

  it("counts what runs did, and tells of failures", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Run Task…");
    await workbench.quickInput.pick("ClerkAgent");
    await workbench.quickInput.answer("1");
    const view = await workbench.tools();
    await expect
      .poll(() => view.pictureOf("ClerkAgent"), slow)
      .toEqual([
        "▾ ClerkAgent  src/clerkAgent.mjs · 4 calls, 1 failed",
        "  fail  used 1 time, 1 failed",
        "  greet  not used yet · shared",
        "  hang  not used yet",
        "  pay  not used yet · may not be called",
        "  shelf  used 3 times",
      ]);
    await workbench.screenshots("tools");
  });

  it("says why a tool failed, and stops one that never ends", async () => {
    const { workbench } = vscode;
    const view = await workbench.tools();
    await view.chooseFromMenu("fail", "Run Tool…");
    await workbench.quickInput.answer("{}");
    expect(await workbench.notifications.message("fail failed")).toBe("fail failed: no lamp there");
    await workbench.notifications.clear();
    await view.chooseFromMenu("hang", "Run Tool…");
    await workbench.quickInput.answer("{}");
    await workbench.notifications.press("Running hang of ClerkAgent", "Cancel");
    const runs = async () => (await (await workbench.runs()).picture()).map((row) => row.split(" · 1")[0]);
    await expect
      .poll(async () => (await runs())[0]?.replace(/ · \d\d:\d\d.*/, ""), slow)
      .toBe("ClerkAgent · hang  cancelled");
  });

  it("asks for what an agent is made of, and calls a tool as the agent does", async () => {
    const { workbench, workspace } = vscode;
    const view = await workbench.tools();
    await view.expand("DeskAgent");
    await view.open("Give Constructor Arguments…");
    await workbench.quickInput.answer('["east"]');
    await expect
      .poll(() => view.pictureOf("DeskAgent"), slow)
      .toEqual(["▾ DeskAgent  src/deskAgent.ts", "  double  not used yet · in tools"]);
    await view.chooseFromMenu("double", "Run Tool…");
    await workbench.quickInput.answer("21");
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"got": 42');
    const files = await readdir(workspace.path(".proj-intel/runs"));
    const records = await Promise.all(
      files
        .filter((file) => file.endsWith(".jsonl"))
        .map((file) => workspace.read(`.proj-intel/runs/${file}`)),
    );
    const tools = records.map((text) => (JSON.parse(text.split("\n", 1)[0] ?? "") as { tool?: string }).tool);
    expect(tools.sort()).toEqual(["double", "fail", "hang", "shelf", undefined]);
  });
});
