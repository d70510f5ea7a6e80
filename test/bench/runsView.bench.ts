import type { Page } from "playwright-core";
import { openSession } from "../ui/session.ts";
import { Workspace } from "../ui/workspace.ts";
import { type Bench, type Figure, percentile } from "./bench.ts";
import { recordRuns } from "./recordedRuns.ts";

const records = 10_000;
const of = `of ${records.toLocaleString("en")} runs`;
/** So many turns of a mouse wheel, one each frame or so. */
const TURNS = 200;
const TURN_MS = 16;

const figure = (name: string, ours: number, atMost: number | null): Figure => ({
  ...{ name, ours, yardstick: null, yardstickName: null, unit: "ms" },
  goal: atMost === null ? null : { atMost },
});

/** How long each frame was in sight while the wheel was turned, in ms. */
async function framesWhileScrolling(page: Page): Promise<number[]> {
  // As text: the types of browsers are none of Node's.
  await page.evaluate(
    `globalThis.frameTimes = [];
    requestAnimationFrame(function note(time) { frameTimes.push(time); requestAnimationFrame(note); });
    undefined`,
  );
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(TURN_MS);
  }
  const times = await page.evaluate<number[]>("frameTimes");
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

/** The history in the real view, from the click to the row in sight. */
export const bench: Bench = {
  async run() {
    const workspace = await Workspace.ofFiles({ "src/a.ts": "export class TrivialAgent { run() {} }\n" });
    await recordRuns(workspace.folder, records);
    const session = await openSession(workspace, { name: "bench", trust: true });
    try {
      const { workbench } = session;
      const { page } = workbench;
      await (await workbench.agents()).row("TrivialAgent").waitFor();
      await workbench.run("Problems: Focus on Problems View");
      const tab = page.locator(".panel .action-label", { hasText: "Agent Runs" }).first();
      await tab.waitFor();
      const rows = page.locator("[id='workbench.view.extension.opsviAgentRuns'] .monaco-list-row");
      const opened = Date.now();
      await tab.click();
      await rows.first().waitFor();
      const openMs = Date.now() - opened;
      const older = page.getByText("Show Older Runs", { exact: true });
      const all = Date.now();
      for (;;) {
        await rows.first().click();
        await page.keyboard.press("End");
        if (!(await older.isVisible())) break;
        await older.click();
        await older.waitFor({ state: "hidden" });
      }
      const allMs = Date.now() - all;
      await page.keyboard.press("Home");
      await rows.first().hover();
      const frames = await framesWhileScrolling(page);
      return [
        figure(`opening the Agent Runs view ${of}`, openMs, 300),
        figure(`showing all ${of}, by three clicks`, allMs, null),
        figure("a frame while all are scrolled through, median", percentile(frames, 0.5), null),
        figure("a frame while all are scrolled through, p99", percentile(frames, 0.99), 50),
      ];
    } finally {
      await session.close();
      await workspace.dispose();
    }
  },
};
