import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PatternClient } from "../../src/runs/patterns/client.ts";
import { ROOT } from "../vscode/paths.ts";
import { openSession } from "../ui/session.ts";
import { Workspace } from "../ui/workspace.ts";
import { type Bench, type Figure, inTurns, median } from "./bench.ts";
import { recordErrors } from "./recordedErrors.ts";

const count = 10_000;
const few = 10;
const of = `of ${count.toLocaleString("en")} error patterns`;
const ROUNDS = 5;

const query = { text: "", type: "", agent: "", muted: false, sort: "last" } as const;

const figure = (name: string, ours: number, atMost: number | null): Figure => ({
  ...{ name, ours, yardstick: null, yardstickName: null, unit: "ms" },
  goal: atMost === null ? null : { atMost },
});

/** The thread's first answer, which starts it and reads the file. */
async function firstAnswer(root: string, file: string): Promise<Figure> {
  const times = await inTurns(
    ROUNDS,
    async () => {
      const client = new PatternClient(join(ROOT, "dist/patterns.cjs"));
      await client.call.read(root);
      const { version, all } = await client.call.query([{ root, folder: "file:///shop" }], query, null);
      const rows = await client.call.rows(version, 0, 100);
      client.dispose();
      if (all !== count || rows?.length !== 100) throw new Error(`There are ${all} patterns.`);
    },
    () => JSON.parse(readFileSync(file, "utf8")) as unknown,
  );
  return {
    ...{ name: `the thread's first rows ${of}`, ours: median(times.ours), unit: "ms", goal: null },
    ...{ yardstick: median(times.yardstick), yardstickName: "readFileSync + JSON.parse" },
  };
}

/** The panel in VS Code: from the command to the first row in sight, and to the detail of one. */
async function inPanel(workspace: Workspace): Promise<Figure[]> {
  recordErrors(workspace.folder, few);
  const session = await openSession(workspace, { name: "bench", trust: true });
  try {
    const { workbench } = session;
    const list = workbench.webview().getByRole("listbox", { name: "Error patterns" });
    const rows = list.locator(".row");
    const title = "Agents: Show Error Patterns";
    const open = async () => {
      await workbench.run("View: Close All Editors");
      // What counts is from the choice on: the box is filled and its entry in sight.
      await workbench.page.keyboard.press("F1");
      await workbench.quickInput.type(`>${title}`);
      await workbench.quickInput.entry(title).waitFor();
      const started = Date.now();
      await workbench.quickInput.accept();
      await rows.first().waitFor();
      return Date.now() - started;
    };
    const opens = async () => {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push(await open());
      return median(times);
    };
    const cold = await open();
    const ofFew = await opens();
    recordErrors(workspace.folder, count);
    const ofAll = await opens();
    const chosen = Date.now();
    await rows.nth(2).click();
    await workbench.webview().locator(".pattern-detail").waitFor();
    return [
      figure(`opening the panel of ${few} patterns, the first time`, cold, null),
      {
        ...{ name: `opening the panel ${of}`, ours: ofAll, unit: "ms", goal: null },
        ...{ yardstick: ofFew, yardstickName: `the panel of ${few}` },
      },
      figure(`what ${count - few} more patterns add to that`, ofAll - ofFew, 500),
      figure("from the click on a row to its detail", Date.now() - chosen, null),
    ];
  } finally {
    await session.close();
  }
}

export const bench: Bench = {
  async run() {
    const workspace = await Workspace.ofFiles({ "package.json": "{}" });
    try {
      const file = recordErrors(workspace.folder, count);
      return [await firstAnswer(workspace.folder, file), ...(await inPanel(workspace))];
    } finally {
      await workspace.dispose();
    }
  },
};
