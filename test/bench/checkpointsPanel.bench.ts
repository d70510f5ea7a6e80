import { openSession } from "../ui/session.ts";
import { Workspace } from "../ui/workspace.ts";
import { Rows } from "../ui/workbench/rows.ts";
import type { Workbench } from "../ui/workbench/workbench.ts";
import { type Bench, type Figure, median } from "./bench.ts";
import { firstSeen, noteFirst } from "./firstSeen.ts";
import { recordCheckpoints } from "./recordedCheckpoints.ts";

const ALL = 100_000;
const FEW = 100;
const ROUNDS = 5;
const MENU = "Show Checkpoints";

/** From the click on the command to the first row in sight, in ms; the window was loaded anew. */
async function opening(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await Promise.all([page.waitForEvent("load"), workbench.run("Developer: Reload Window")]);
  await workbench.extended();
  await (await workbench.agents()).row("TrivialAgent").waitFor();
  await page.keyboard.press("F1");
  const command = `Agents: ${MENU}`;
  await workbench.quickInput.type(`>${command}`);
  const entry = workbench.quickInput.entry(command);
  await entry.waitFor();
  const started = Date.now();
  await entry.click();
  await new Rows(workbench.webview(), "Checkpoints").shown();
  const took = (await firstSeen(workbench.webview())) - started;
  await workbench.run("View: Close All Editors");
  return took;
}

async function openings(checkpoints: number, agents: number): Promise<number> {
  const workspace = await Workspace.ofFiles({ "src/a.ts": "export class TrivialAgent { run() {} }\n" });
  recordCheckpoints(workspace.folder, agents, checkpoints);
  const session = await openSession(workspace, { name: "bench", trust: true });
  try {
    await noteFirst(session.workbench.page, ".rows[aria-label=Checkpoints] .row-end");
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await opening(session.workbench));
    return median(times);
  } finally {
    await session.close();
    await workspace.dispose();
  }
}

/** The panel in the real VS Code, beside one that has nearly nothing to list: a page takes its time to load, too. */
export const bench: Bench = {
  async run() {
    const few = await openings(FEW, 1);
    const figures: Figure[] = [];
    for (const agents of [1, 100])
      figures.push({
        name: `opening the panel with 100,000, ${agents} agent${agents === 1 ? "" : "s"}`,
        ours: await openings(ALL, agents),
        yardstick: few,
        yardstickName: `the panel with ${FEW}`,
        unit: "ms",
        goal: { atMost: 1.5 },
      });
    return figures;
  },
};
