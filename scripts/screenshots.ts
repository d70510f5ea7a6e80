import { mkdir } from "node:fs/promises";
import { openSession } from "../test/ui/session.ts";
import { Workspace } from "../test/ui/workspace.ts";
import { takeQueuePicture } from "./queuePicture.ts";
import { prepareRuns } from "./screenshotRuns.ts";

// Takes the pictures of the README in a real VS Code: `npm run screenshots`, after `npm run build`.
const folder = "media/screenshots";
await mkdir(folder, { recursive: true });
const workspace = await Workspace.ofExamples();
await workspace.write(
  ".vscode/settings.json",
  JSON.stringify({ "opsviAgents.migration.runtime": "vendored" }),
);
await prepareRuns(workspace);
const session = await openSession(workspace, { name: "screenshots" });
const { workbench } = session;
const { page } = workbench;
await page.setViewportSize({ width: 1280, height: 720 });
const picture = (name: string) => page.screenshot({ path: `${folder}/${name}.png` });

const ask = async (name: string, answers: string[]) => {
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name);
  for (const [at, answer] of answers.entries()) {
    if (at > 0) await page.getByText(`(${at + 1}/${answers.length})`).waitFor();
    await workbench.quickInput.answer(answer);
  }
};

const run = async (name: string, ...answers: string[]) => {
  await ask(name, answers);
  await workbench.notifications.message(new RegExp(`${name} (finished|failed)`));
};

const widenSideBar = async (by: number) => {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (box === null) throw new Error("There is no side bar.");
  const edge = box.x + box.width;
  await page.mouse.move(edge, 300);
  await page.mouse.down();
  await page.mouse.move(edge + by, 300, { steps: 5 });
  await page.mouse.up();
};

/** The rows of the Runs view. */
const runRows = async () => (await (await workbench.runs()).picture()).join("\n");
/** Waits for a row of the Runs view. */
const shown = async (row: RegExp) => {
  const end = Date.now() + 60_000;
  while (!row.test(await runRows()))
    if (Date.now() > end) throw new Error(`No row is ${String(row)}: ${await runRows()}`);
};

const start = async (name: string, ...answers: string[]) => {
  await ask(name, answers);
  await shown(new RegExp(`${name} .*\\d s$`, "m"));
};

const partPicture = async (part: "editor" | "panel", name: string) => {
  await workbench.notifications.clear();
  await page.mouse.move(500, 10);
  await page.locator(`.part.${part}`).screenshot({ path: `${folder}/${name}.png` });
};

try {
  const tree = await workbench.agents();
  await widenSideBar(150);
  await tree.expand("ResearchAgent");
  await tree.open("ResearchAgent");
  await page.locator(".codelens-decoration").first().waitFor();
  await picture("agents");

  await tree.chooseFromMenu("ResearchAgent", "Migrate to BaseAgent");
  await workbench.diff.shown();
  await workbench.notifications.message("Migrate ResearchAgent?");
  await picture("migrate");
  await workbench.notifications.press("Migrate ResearchAgent?", "Discard");

  await workbench.run("Agents: Migrate Workspace…");
  await workbench.checklist();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await workbench.diff.shown();
  await picture("migrateWorkspace");
  await workbench.run("Agents: Discard Migration of the Workspace");

  await run("TicketTriageAgent", '{"subject": "Refund for order 1043", "body": "urgent"}');
  await run("FaqAgent", "What about returns?");
  await run("CertificateAgent", "shop.example");
  await run("ReplicaSyncAgent", "orders", "1200");
  await workbench.notifications.clear();
  await workbench.run("Agents: Show Checkpoints");
  await workbench.webview().locator(".row", { hasText: "completed" }).first().click();
  await workbench.webview().getByText("verified").waitFor();
  await picture("checkpoints");

  await workbench.run("View: Close All Editors");
  await workbench.run("Agents: Show Census");
  await workbench.webview().locator(".family").first().waitFor();
  await picture("census");
  await workbench.run("Agents: Show Families");
  await workbench.webview().locator(".box").first().waitFor();
  await picture("families");

  await workbench.run("View: Close All Editors");
  await workbench.run("View: Toggle Primary Side Bar Visibility");
  await page.setViewportSize({ width: 1000, height: 820 });
  await workbench.runs();
  await workbench.run("Agents: Run File of Tasks…");
  await workbench.quickInput.pick("tasks.jsonl");
  await page.getByText("how many at a time").waitFor();
  await workbench.quickInput.answer("4");
  await shown(/tasks for .* 5 succeeded, 1 failed/);
  await (await workbench.runs()).chooseFromMenu("6 tasks for TicketTriageAgent and 4 others", "Show Table");
  await workbench.webview().locator("tbody tr").last().waitFor();
  await workbench.run("View: Toggle Panel Visibility");
  await page.mouse.move(500, 10);
  await page.setViewportSize({ width: 1200, height: 484 });
  await page.locator(".part.editor").screenshot({ path: `${folder}/batch.png` });

  await workbench.run("View: Close All Editors");
  await page.setViewportSize({ width: 1200, height: 760 });
  await workbench.run("Agents: Show Error Patterns");
  await workbench.webview().locator(".row").first().click();
  await workbench.webview().getByText("Why grouped").waitFor();
  await partPicture("editor", "errorPatterns");
  await workbench.run("View: Close All Editors");
  await workbench.run("Agents: Show Performance");
  await workbench.webview().locator(".chart canvas").first().waitFor();
  await partPicture("editor", "performance");
  await page.setViewportSize({ width: 1000, height: 820 });
  await workbench.run("View: Close All Editors");
  await workbench.runs();

  await workbench.run("Agents: Run Pipeline…");
  await workbench.quickInput.pick("repair");
  await shown(/repair {2}[\d.]+ m?s · /);
  await (await workbench.runs()).expand("repair");
  await start("BackupAgent", '{"volume": "orders", "seconds": 600}');
  await start("ForecastAgent", '{"sales": [12, 15, 9, 20], "seconds": 600}');
  await partPicture("panel", "runs");
  await workbench.run("Agents: Stop All Runs");

  const tools = await workbench.tools();
  await tools.expand("ResearchAgent");
  for (const [tool, input] of [
    ["search", "What do customers think about repair?"],
    ["summarize", "survey-q3.md"],
  ] as const) {
    await tools.chooseFromMenu(tool, "Run Tool…");
    await workbench.quickInput.answer(JSON.stringify(input));
    await tools.row(tool).getByText("used 1 time").waitFor();
  }
  const memory = await workbench.memory();
  await memory.expand("default");
  await memory.expand("sources");
  await memory.expand("users");
  await partPicture("panel", "toolsAndMemory");
} finally {
  await session.close();
  await workspace.dispose();
}
await takeQueuePicture(`${folder}/queue.png`);
