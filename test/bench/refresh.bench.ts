import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { counted } from "../../src/model/counted.ts";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { openSession } from "../ui/session.ts";
import { Workspace } from "../ui/workspace.ts";
import { Rows } from "../ui/workbench/rows.ts";
import { type Bench, type Figure, percentile } from "./bench.ts";
import { recordCheckpoints } from "./recordedCheckpoints.ts";
import { recordRuns } from "./recordedRuns.ts";

const EARLIER = 10_000;
const RUNS_A_SECOND = 50;
const SECONDS = 20;

/** When the panel showed how many, in ms since 1970, and how long each frame was in sight. */
interface Seen {
  counts: [at: number, count: number][];
  frames: number[];
}

// As text: the types of browsers are none of Node's.
const WATCH = `(() => {
  const seen = (globalThis.seen = { counts: [], frames: [] });
  const status = document.querySelector("header [role=status]");
  let before = null;
  requestAnimationFrame(function look(time) {
    if (before !== null) seen.frames.push(time - before);
    before = time;
    const count = Number(status.innerText.match(/^[\\d,]+/)?.[0].replaceAll(",", ""));
    if (count !== seen.counts.at(-1)?.[1]) seen.counts.push([Date.now(), count]);
    requestAnimationFrame(look);
  });
})()`;

/** Records runs and what they save, so many a second; answers with when which number of checkpoints was there. */
async function record(root: string): Promise<Map<number, number>> {
  const store = new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"));
  const writtenAt = new Map<number, number>();
  let count = EARLIER;
  const begun = Date.now();
  for (let run = 0; run < RUNS_A_SECOND * SECONDS; run += 1) {
    await sleep(Math.max(0, begun + (run * 1000) / RUNS_A_SECOND - Date.now()));
    await recordRuns(root, 1);
    const saved = {
      agent: `Agent${run % 10}`,
      agentType: "custom",
      context: { run },
      task: null,
      runId: `r${run}`,
    };
    const { id } = store.save({ ...saved, label: "started", state: "busy", parentId: null });
    store.save({ ...saved, label: "completed", state: "ready", parentId: id });
    writtenAt.set((count += 2), Date.now());
  }
  return writtenAt;
}

async function seenIn(page: Locator): Promise<Seen> {
  const seen: unknown = await page.evaluate("globalThis.seen");
  return seen as Seen;
}

/** The Checkpoints panel in the real VS Code, while runs are recorded beside it. */
export const bench: Bench = {
  async run() {
    const workspace = await Workspace.ofFiles({ "src/a.ts": "export class TrivialAgent { run() {} }\n" });
    recordCheckpoints(workspace.folder, 10, EARLIER);
    const session = await openSession(workspace, { name: "bench", trust: true });
    try {
      const { workbench } = session;
      await (await workbench.agents()).row("TrivialAgent").waitFor();
      await workbench.runs();
      await workbench.run("Agents: Show Checkpoints");
      await new Rows(workbench.webview(), "Checkpoints").shown();
      const page = workbench.webview().locator("body");
      await page.getByText(counted(EARLIER, "checkpoint")).waitFor();
      await page.evaluate(WATCH);
      const writtenAt = await record(workspace.folder);
      await page.getByText(counted(EARLIER + 2 * RUNS_A_SECOND * SECONDS, "checkpoint")).waitFor();
      const { counts, frames } = await seenIn(page);
      const lags = counts.flatMap(([at, count]) => {
        const written = writtenAt.get(count - (count % 2));
        return written === undefined ? [] : [at - written];
      });
      const figure = (name: string, ours: number, unit: string, goal: Figure["goal"]): Figure => ({
        ...{ name, ours, unit, goal, yardstick: null, yardstickName: null },
      });
      return [
        figure("refreshes of the Checkpoints panel under 50 runs/s", counts.length / SECONDS, "/s", {
          atLeast: 1,
        }),
        figure("from a checkpoint's file to the panel, median", percentile(lags, 0.5), "ms", null),
        figure("from a checkpoint's file to the panel, p95", percentile(lags, 0.95), "ms", { atMost: 2_000 }),
        figure("a frame of the panel meanwhile, median", percentile(frames, 0.5), "ms", null),
        figure("a frame of the panel meanwhile, p99", percentile(frames, 0.99), "ms", { atMost: 100 }),
      ];
    } finally {
      await session.close();
      await workspace.dispose();
    }
  },
};
