import { describe, expect, it } from "vitest";
import { MemoryStore } from "../../src/runtime/index.ts";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

/** Tells in which folder it ran, and with which variable of that folder. */
const echo = (name: string) => `import { basename } from "node:path";

export class ${name} {
  execute(task: { word: string }) {
    return { word: task.word, folder: basename(process.cwd()), owner: process.env["OWNER"] };
  }
}
`;
const desk = `export class DeskAgent {
  private readonly tools = new Map<string, (n: number) => number>([["double", (n) => n * 2]]);
  callTool(name: string, n: number) { return this.tools.get(name)?.(n); }
  execute(task: string) { return task; }
}
`;
const saved = (name: string, word: string) => {
  const agent = "src/echoAgent.ts#EchoAgent";
  return JSON.stringify({ tasks: [{ name, agent, task: { word } }] });
};
const step = { id: "echo", agent: "src/echoAgent.ts#EchoAgent", task: { word: "piped" } };
const stock: Record<string, string> = {
  "package.json": '{ "name": "stock", "private": true }',
  ".env": "OWNER=Bo\n",
  // The same file and name as in the other folder.
  "src/echoAgent.ts": echo("EchoAgent"),
  "src/stockAgent.ts": echo("StockAgent"),
  "src/deskAgent.ts": desk,
  "sum.agents.json": JSON.stringify({ steps: [step] }),
  "tasks.jsonl": '{"agent":"src/stockAgent.ts#StockAgent","task":{"word":"filed"}}\n'.repeat(2),
  ".proj-intel/tasks.json": saved("Count the stock", "stock"),
};
const remember = (folder: string, key: string) =>
  new MemoryStore({ folder: `${folder}/.proj-intel/memory` }).of("guide").set(key, 1);

const vscode = useVSCode("folderRuns", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true }',
    ".env": "OWNER=Ada\n",
    "src/echoAgent.ts": echo("EchoAgent"),
    "src/deskAgent.ts": desk,
    ".proj-intel/tasks.json": saved("Greet the shop", "shop"),
  },
  prepare: async (workspace) => {
    for (const [path, text] of Object.entries(stock)) await workspace.write(`../stock/${path}`, text);
    remember(workspace.folder, "shelf");
    remember(workspace.path("../stock"), "crate");
    const folders = [{ path: "shop" }, { path: "stock" }];
    await workspace.write("../all.code-workspace", JSON.stringify({ folders }));
    return workspace.path("../all.code-workspace");
  },
});
const slow = { timeout: 30_000, interval: 200 };

const rows = () => runRows(vscode);
const asked = (title: string) => expect.poll(() => vscode.workbench.quickInput.title(), slow).toBe(title);
const text = async () => (await vscode.workbench.editor.lines()).join("\n");

/** The pick of an agent in one of the folders. */
const entry = (description: string) =>
  vscode.workbench.quickInput.widget.locator(".monaco-list-row").filter({ hasText: description }).first();

describe("In a workspace of several folders", () => {
  it("Run Task… runs the agent of the folder that is picked, there, and offers the saved tasks of that folder", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    await workbench.run("Agents: Run Task…");
    await quickInput.type("EchoAgent");
    await entry("stock · src/echoAgent.ts").click();
    await asked("Run EchoAgent: task");
    const offered = (await quickInput.picks()).map((pick) => pick.replace(/ ?\{.*/, ""));
    expect(offered).toEqual(["Count the stock", "New task…"]);
    await quickInput.pick("Count the stock");
    await expect.poll(rows, slow).toEqual(["EchoAgent  stock · TIME · CLOCK"]);
    await (await workbench.runs()).chooseFromMenu("EchoAgent", "Open Result");
    await expect.poll(text, slow).toContain('"folder": "stock"');
    expect(await text()).toContain('"owner": "Bo"');
    await workbench.run("View: Close All Editors");
  });

  it("a saved task is kept in the folder of the run", async () => {
    const { workbench, workspace } = vscode;
    await (await workbench.runs()).chooseFromMenu("EchoAgent", "Save Task As…");
    await workbench.quickInput.answer("Again");
    const names = async (path: string) =>
      (JSON.parse(await workspace.read(path)) as { tasks: { name: string }[] }).tasks.map(({ name }) => name);
    await expect
      .poll(() => names("../stock/.proj-intel/tasks.json"), slow)
      .toEqual(["Count the stock", "Again"]);
    expect(await names(".proj-intel/tasks.json")).toEqual(["Greet the shop"]);
  });

  it("a batch over agents of both names the folders, and each run is recorded in the folder of its agent", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    await workbench.run("Agents: Run on Selected…");
    await asked("Run on Selected");
    await entry("shop · src/echoAgent.ts").click();
    await entry("stock · src/echoAgent.ts").click();
    await quickInput.accept();
    await asked("Run 2 agents: word");
    await quickInput.answer("both");
    await asked("Run 2 tasks: how many at a time");
    expect(await quickInput.message()).toContain("Each is recorded in the folder of its agent: shop, stock.");
    await quickInput.accept();
    const label = "2 tasks for EchoAgent";
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe(`▸ ${label}  shop and stock · 2 succeeded · TIME · CLOCK`);
    const view = await workbench.runs();
    await view.expand(label);
    await expect
      .poll(async () => (await rows()).slice(1), slow)
      .toEqual([
        "  EchoAgent  shop · TIME · CLOCK",
        "  EchoAgent  stock · TIME · CLOCK",
        "EchoAgent  stock · TIME · CLOCK",
      ]);
    await view.chooseFromMenu(label, "Show Table");
    const cells = workbench.webview().locator("tbody tr");
    const table = () =>
      cells.evaluateAll((found) =>
        found.map((row) =>
          [...row.querySelectorAll("td")].map((cell) => cell.textContent).filter((_, at) => at < 4 || at > 6),
        ),
      );
    await expect.poll(table, slow).toEqual([
      ["1", "EchoAgent", "shop", '{"word":"both"}', '{"word":"both","folder":"shop","owner":"Ada"}'],
      ["2", "EchoAgent", "stock", '{"word":"both"}', '{"word":"both","folder":"stock","owner":"Bo"}'],
    ]);
    await workbench.screenshots("folders-batch");
    await workbench.run("View: Close All Editors");
  });

  it("a pipeline and a file of tasks run in their own folder", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Run Pipeline…");
    await entry("stock/sum.agents.json").click();
    // Open where it was seen at work.
    await expect.poll(async () => (await rows())[0], slow).toMatch(/^[▾▸] sum {2}stock · TIME · CLOCK$/);
    await (await workbench.runs()).chooseFromMenu("sum", "Open Result");
    await expect.poll(text, slow).toContain('"folder": "stock"');
    await workbench.run("View: Close All Editors");
    await workbench.run("Agents: Run File of Tasks…");
    await entry("stock/tasks.jsonl").click();
    await asked("Run 2 tasks: how many at a time");
    await workbench.quickInput.accept();
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("▸ 2 tasks for StockAgent  stock · 2 succeeded · TIME · CLOCK");
  });

  it("tools and memory are told by folder", async () => {
    const { workbench } = vscode;
    const tools = await workbench.tools();
    await expect
      .poll(() => tools.picture(), slow)
      .toEqual(["▸ DeskAgent  shop · src/deskAgent.ts", "▸ DeskAgent  stock · src/deskAgent.ts"]);
    const memory = await workbench.memory();
    await expect
      .poll(() => memory.picture(), slow)
      .toEqual([
        ...["▾ shop", "  ▾ guide", "    ▸ default  1 value"],
        ...["▾ stock", "  ▾ guide", "    ▸ default  1 value"],
      ]);
    await workbench.screenshots("folders-tools");
  });
});
