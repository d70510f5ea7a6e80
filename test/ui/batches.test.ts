import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../vscode/paths.ts";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const until = `await new Promise((done) => {\n      const timer = setTimeout(done, 60_000);\n      ctx.signal.addEventListener("abort", () => done(clearTimeout(timer)));\n    });`;
const agent = (name: string, body: string) =>
  `import { BaseAgent } from "../opsvi-agents/core.mjs";\n\nexport class ${name} extends BaseAgent {\n  constructor() {\n    super({ name: "${name}", agentType: "${name}" });\n  }\n\n  async executeImpl(task, ctx) {\n    ${body}\n  }\n}\n`;
const vscode = useVSCode("batches", {
  settings: { "opsviAgents.run.retries": 0, "opsviAgents.run.parallel": 4 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "src/countAgent.mjs": agent(
      "CountAgent",
      "ctx.usage({ tokens: 100, cost: 0.25 });\n    return { words: task.text.split(' ').length };",
    ),
    "src/upperAgent.mjs": agent("UpperAgent", "return { loud: task.text.toUpperCase() };"),
    "src/brokenAgent.mjs": agent("BrokenAgent", "throw new Error(`no shelf for ${task.text}`);"),
    "src/slowAgent.mjs": agent("SlowAgent", `if (task.wait === false) return "quick";\n    ${until}`),
    "src/strictAgent.ts":
      "export class StrictAgent {\n  execute(task: { shelf: number }) {\n    return task.shelf;\n  }\n}\n",
    "tasks/words.jsonl": '{"text":"one"}\n{"text":"one two"}\n{"task":{"text":"a b c"}}\n',
    "tasks/slow.jsonl": Array.from(
      { length: 6 },
      (_, at) => `{"agent":"src/slowAgent.mjs#SlowAgent","task":{"wait":${at > 0},"at":${at}}}\n`,
    ).join(""),
    "tasks/bad.jsonl":
      '{"agent":"src/strictAgent.ts#StrictAgent","task":{"shelf":1}}\n{"agent":"src/strictAgent.ts#StrictAgent","task":{"shelf":"two"}}\n{"agent":"src/none.ts#None","task":1}\n',
  },
});
const slow = { timeout: 30_000, interval: 200 };

const rows = () => runRows(vscode);

/** One question follows the other in the same box. */
const asked = (title: string) => expect.poll(() => vscode.workbench.quickInput.title(), slow).toBe(title);

async function table(): Promise<string[]> {
  const cells = await vscode.workbench
    .webview()
    .locator("tbody tr")
    .evaluateAll((found) =>
      found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent).join(" | ")),
    );
  return cells.map((text) => text.replace(/\d+(\.\d)? (ms|s)\b/g, "TIME"));
}

describe("Batches", () => {
  it("run one task on the agents that are selected, and say in one row what came of it", async () => {
    const { workbench } = vscode;
    const agents = await workbench.agents();
    await agents.row("BrokenAgent").locator(".label-name").click();
    await agents
      .row("CountAgent")
      .locator(".label-name")
      .click({ modifiers: ["Control"] });
    await agents
      .row("UpperAgent")
      .locator(".label-name")
      .click({ modifiers: ["Control"] });
    // The key of Run Task… means all of them.
    await workbench.page.keyboard.press("Control+;");
    await workbench.page.keyboard.press("g");
    await asked("Run 3 agents: task");
    await workbench.page.keyboard.press("Escape");
    await agents.row("CountAgent").click({ button: "right" });
    expect(await agents.menuEntries()).toContain("Run on Selected…");
    expect(await agents.menuEntries()).not.toContain("Run Task…");
    await agents.choose("Run on Selected…");
    await asked("Run 3 agents: task");
    await workbench.quickInput.answer('{"text":"tea and cake"}');
    await asked("Run 3 tasks: how many at a time");
    await workbench.quickInput.type("5");
    await expect
      .poll(() => workbench.quickInput.message(), slow)
      .toContain("The setting opsviAgents.run.parallel allows 4 at a time");
    await workbench.quickInput.answer("3");
    // The Runs view is not in sight.
    expect(await workbench.notifications.message(/3 tasks in .*: 2 succeeded, 1 failed/)).toMatch(
      /^3 tasks in [\d.]+ m?s: 2 succeeded, 1 failed\. 100 tokens, cost 0\.25\.$/,
    );
    await workbench.notifications.press(/3 tasks in/, "Show Table");
    await expect
      .poll(table, slow)
      .toEqual([
        '1 | BrokenAgent | {"text":"tea and cake"} | failed | TIME | 1 |  |  | Error: no shelf for tea and cake',
        '2 | CountAgent | {"text":"tea and cake"} | success | TIME | 1 | 100 | 0.25 | {"words":3}',
        '3 | UpperAgent | {"text":"tea and cake"} | success | TIME | 1 |  |  | {"loud":"TEA AND CAKE"}',
      ]);
    await workbench.notifications.clear();
    await expect
      .poll(rows, slow)
      .toEqual([
        "▸ 3 tasks for BrokenAgent and 2 others  2 succeeded, 1 failed · 100 tokens, cost 0.25 · TIME · CLOCK",
      ]);
    await (await workbench.runs()).expand("3 tasks for BrokenAgent and 2 others");
    await expect
      .poll(async () => (await rows()).slice(1), slow)
      .toEqual([
        "  BrokenAgent  no shelf for tea and cake · CLOCK",
        "  CountAgent  TIME · CLOCK",
        "  UpperAgent  TIME · CLOCK",
      ]);
    await workbench.screenshots("batch");
  });

  it("sort their table, and open a result from it", async () => {
    const { workbench } = vscode;
    await workbench.webview().getByRole("button", { name: "State" }).click();
    await workbench.webview().getByRole("button", { name: "State" }).click();
    await expect
      .poll(async () => (await table()).map((row) => row.split(" | ")[1]), slow)
      .toEqual(["CountAgent", "UpperAgent", "BrokenAgent"]);
    await workbench.webview().locator("tbody tr").first().click();
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"words": 3');
    await workbench.run("View: Close All Editors");
  });

  it("are stored as a file that spreadsheets read", async () => {
    const { workbench, workspace } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("3 tasks for BrokenAgent and 2 others", "Show Table");
    await workbench.webview().getByRole("button", { name: "Export CSV" }).click();
    await workbench.quickInput.saveAs(workspace.path("batch.csv"), "batch.csv");
    await expect.poll(() => workspace.read("batch.csv").catch(() => ""), slow).toContain("UpperAgent");
    const [head, first] = (await workspace.read("batch.csv")).split("\r\n");
    expect(head).toBe("task number,agent,task,state,duration ms,attempts,tokens,cost,result,run");
    expect(first).toMatch(
      /^1,src\/brokenAgent\.mjs#BrokenAgent,"\{""text"":""tea and cake""\}",failed,\d+,1,,,Error: no shelf/,
    );
    await workbench.notifications.clear();
    await workbench.run("View: Close All Editors");
  });

  it("run again what did not succeed", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("3 tasks for BrokenAgent and 2 others", "Run Again What Did Not Succeed…");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("▸ 1 task for BrokenAgent  1 failed · TIME · CLOCK");
  });

  it("of other processes are told alike, and what was interrupted goes on in its batch", async () => {
    const { workbench, workspace } = vscode;
    const batch = "ffffffff-0000-7000-8000-000000000000";
    const time = "2026-01-02T03:04:05.000Z";
    const agent = { file_path: "src/upperAgent.mjs", name: "UpperAgent" };
    for (const [at, text] of ["tea", "cake"].entries()) {
      const common = { runId: `00000000-0000-7000-8000-00000000000${at + 1}`, time };
      const queued = { type: "queued", ...common, agent, task: { text }, retries: 0, timeoutMs: null, batch };
      const base = { checkpointId: null, attempts: 1, durationMs: 2000, warnings: [] };
      const finished = { type: "finished", ...common, status: "success", output: { loud: "TEA" }, ...base };
      const events = at === 0 ? [queued, finished] : [queued];
      await workspace.write(
        `.proj-intel/runs/${common.runId}.jsonl`,
        events.map((event) => `${JSON.stringify(event)}\n`).join(""),
      );
    }
    const label = "2 tasks for UpperAgent";
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe(`▸ ${label}  1 succeeded, 1 interrupted · TIME · Jan 2, 2026`);
    const view = await workbench.runs();
    await view.chooseFromMenu(label, "Resume");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toMatch(/^▸ 2 tasks for UpperAgent {2}2 succeeded · /);
    await view.chooseFromMenu(label, "Show Table");
    await expect
      .poll(
        async () =>
          (await table()).map((row) => row.split(" | ").slice(2, 4).concat(row.split(" | ").slice(-1))),
        slow,
      )
      .toEqual([
        ['{"text":"tea"}', "success", '{"loud":"TEA"}'],
        ['{"text":"cake"}', "success", '{"loud":"CAKE"}'],
      ]);
    await view.chooseFromMenu(label, "Discard");
    await workbench.dialog.press("Discard");
    await expect.poll(async () => (await rows())[0], slow).toContain("1 task for BrokenAgent");
    await workbench.webview().getByText("No batch is shown").waitFor();
    await workbench.run("View: Close All Editors");
  });

  it("run a file of tasks over one agent", async () => {
    const { workbench } = vscode;
    const agents = await workbench.agents();
    // One row is selected instead of three.
    await agents.open("CountAgent");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("countAgent.mjs");
    await agents.chooseFromMenu("CountAgent", "Run File of Tasks…");
    await workbench.quickInput.pick("words.jsonl");
    await asked("Run 3 tasks: how many at a time");
    await workbench.quickInput.answer("2");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("▸ 3 tasks for CountAgent  3 succeeded · 300 tokens, cost 0.75 · TIME · CLOCK");
    const view = await workbench.runs();
    await view.chooseFromMenu("3 tasks for CountAgent", "Show Table");
    await expect
      .poll(async () => (await table()).map((row) => row.split(" | ").at(-1)), slow)
      .toEqual(['{"words":1}', '{"words":2}', '{"words":3}']);
    await workbench.run("View: Close All Editors");
  });

  it("of the palette begin with the rows that are selected", async () => {
    const { workbench, workspace } = vscode;
    const { quickInput } = workbench;
    const begin = async () => {
      await workbench.run("Agents: Run on Selected…");
      await asked("Run on Selected");
      await quickInput.entry("UpperAgent").waitFor();
    };
    // Out of sight, the rows are not drawn anew.
    await workbench.run("View: Show Explorer");
    await workspace.write("src/lateAgent.mjs", agent("LateAgent", "return 1;"));
    const offered = async () => {
      await begin();
      const isOffered = await quickInput.entry("LateAgent").isVisible();
      await quickInput.cancel();
      return isOffered;
    };
    await expect.poll(offered, slow).toBe(true);
    await begin();
    const ticked = quickInput.widget.locator(".monaco-list-row[aria-checked='true']");
    await expect.poll(() => ticked.locator(".label-name").allInnerTexts(), slow).toEqual(["CountAgent"]);
    await quickInput.entry("UpperAgent").click();
    await expect.poll(() => ticked.count(), slow).toBe(2);
    await quickInput.accept();
    await asked("Run 2 agents: task");
    await quickInput.answer('{"text":"milk"}');
    await asked("Run 2 tasks: how many at a time");
    await quickInput.accept();
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("▸ 2 tasks for CountAgent and UpperAgent  2 succeeded · 100 tokens, cost 0.25 · TIME · CLOCK");
    await (await workbench.runs()).chooseFromMenu("2 tasks for CountAgent and UpperAgent", "Discard");
    await workbench.dialog.press("Discard");
    await expect.poll(async () => (await rows())[0], slow).toContain("3 tasks for CountAgent");
  });

  it("of the command line are stopped as a whole", async () => {
    const { workbench, workspace } = vscode;
    const args = ["batch", "tasks/slow.jsonl", "--concurrency", "1", "--workspace", "."];
    const child = spawn(process.execPath, [join(ROOT, "dist/cli.cjs"), ...args], { cwd: workspace.folder });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    try {
      const label = "6 tasks for SlowAgent";
      await expect
        .poll(async () => (await rows())[0], slow)
        .toBe(`▸ ${label}  1 of 6 done · 1 running · 4 queued · TIME · in another window`);
      await (await workbench.runs()).chooseFromMenu(label, "Stop");
      await expect
        .poll(async () => (await rows())[0], slow)
        .toBe(`▸ ${label}  1 succeeded, 5 cancelled (4 had not begun) · TIME · CLOCK`);
      expect(await ended).toBe(1);
      await (await workbench.runs()).chooseFromMenu(label, "Discard");
      await workbench.dialog.press("Discard");
    } finally {
      child.kill();
    }
    await expect.poll(async () => (await rows())[0], slow).toContain("3 tasks for CountAgent");
  });

  it("start nothing where a line is wrong, and mark the line", async () => {
    const { workbench } = vscode;
    await workbench.openFile("tasks/bad.jsonl");
    await workbench.run("Agents: Run File of Tasks…");
    await workbench.quickInput.pick("bad.jsonl");
    await workbench.notifications.press(/bad\.jsonl: line 2 .*2 lines are wrong/, "Go to Line 2");
    await expect.poll(() => workbench.editor.line(), slow).toBe(2);
    expect((await rows())[0]).toContain("3 tasks for CountAgent");
    await workbench.run("View: Close All Editors");
  });

  it("show how far they are, are stopped as a whole, and go on where they were stopped", async () => {
    const { workbench } = vscode;
    await workbench.openFile("tasks/slow.jsonl");
    await workbench.editor.chooseFromMenu("slowAgent", "Run File of Tasks…");
    await asked("Run 6 tasks: how many at a time");
    // As the batch before.
    expect(await workbench.quickInput.widget.locator("input.input").inputValue()).toBe("2");
    await workbench.quickInput.answer("2");
    const label = "6 tasks for SlowAgent";
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe(`▸ ${label}  1 of 6 done · 2 running · 3 queued · TIME`);
    const view = await workbench.runs();
    await view.chooseFromMenu(label, "Show Table");
    await expect
      .poll(async () => (await table()).map((row) => row.split(" | ")[3]), slow)
      .toEqual([...["success", "running", "running", "queued", "queued", "queued"]]);
    await workbench.screenshots("batch-running");
    await workbench.webview().getByRole("button", { name: "Stop" }).click();
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe(`▸ ${label}  1 succeeded, 5 cancelled (3 had not begun) · TIME · CLOCK`);
    await view.chooseFromMenu(label, "Resume");
    await asked("Run 5 tasks: how many at a time");
    await workbench.quickInput.answer("4");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toMatch(/^▸ 6 tasks for SlowAgent {2}1 of 6 done · 4 running · 1 queued · /);
    await view.chooseFromMenu(label, "Stop");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe(`▸ ${label}  1 succeeded, 5 cancelled (1 had not begun) · TIME · CLOCK`);
    await view.chooseFromMenu(label, "Discard");
    await workbench.dialog.press("Discard");
    await expect.poll(async () => (await rows())[0], slow).toContain("3 tasks for CountAgent");
  });
});
