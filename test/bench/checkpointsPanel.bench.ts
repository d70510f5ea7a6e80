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

/** To the first row in sight, in ms; the window was loaded anew. */
interface Opening {
  /** Before there is a page, VS Code makes room for one. */
  fromClick: number;
  fromPage: number;
}

async function opening(workbench: Workbench): Promise<Opening> {
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
  const { seen, began } = await firstSeen(workbench.webview());
  await workbench.run("View: Close All Editors");
  return { fromClick: seen - started, fromPage: seen - began };
}

async function openings(checkpoints: number, agents: number): Promise<Opening> {
  const workspace = await Workspace.ofFiles({ "src/a.ts": "export class TrivialAgent { run() {} }\n" });
  recordCheckpoints(workspace.folder, agents, checkpoints);
  const session = await openSession(workspace, { name: "bench", trust: true });
  try {
    await noteFirst(session.workbench.page, ".rows[aria-label=Checkpoints] .row-end");
    const times: Opening[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await opening(session.workbench));
    return {
      fromClick: median(times.map(({ fromClick }) => fromClick)),
      fromPage: median(times.map(({ fromPage }) => fromPage)),
    };
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
    for (const agents of [1, 100]) {
      const name = `opening the panel with 100,000, ${agents} agent${agents === 1 ? "" : "s"}`;
      const { fromClick, fromPage } = await openings(ALL, agents);
      const yardstickName = `the panel with ${FEW}`;
      figures.push(
        { name, ours: fromClick, yardstick: few.fromClick, yardstickName, unit: "ms", goal: { atMost: 1.5 } },
        {
          ...{ name: `${name}, from where its page begins`, ours: fromPage, unit: "ms" },
          ...{ yardstick: null, yardstickName: null, goal: { atMost: 500 } },
        },
      );
    }
    return figures;
  },
};
