import { mkdir } from "node:fs/promises";
import { openSession } from "../test/ui/session.ts";
import { Workspace } from "../test/ui/workspace.ts";

// Takes the pictures of the README in a real VS Code: `npm run screenshots`, after `npm run build`.
const folder = "media/screenshots";
await mkdir(folder, { recursive: true });
const workspace = await Workspace.ofExamples();
await workspace.write(
  ".vscode/settings.json",
  JSON.stringify({ "opsviAgents.migration.runtime": "vendored" }),
);
const session = await openSession(workspace, { name: "screenshots" });
const { workbench } = session;
const { page } = workbench;
await page.setViewportSize({ width: 1280, height: 720 });
const picture = (name: string) => page.screenshot({ path: `${folder}/${name}.png` });

const run = async (name: string, ...answers: string[]) => {
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name);
  for (const [at, answer] of answers.entries()) {
    if (at > 0) await page.getByText(`(${at + 1}/${answers.length})`).waitFor();
    await workbench.quickInput.answer(answer);
  }
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
  await workbench.webview().getByRole("cell", { name: "TicketTriageAgent" }).first().waitFor();
  await picture("checkpoints");

  await workbench.run("View: Close All Editors");
  await workbench.run("Agents: Show Census");
  await workbench.webview().locator(".family").first().waitFor();
  await picture("census");
  await workbench.run("Agents: Show Families");
  await workbench.webview().locator(".box").first().waitFor();
  await picture("families");
} finally {
  await session.close();
  await workspace.dispose();
}
