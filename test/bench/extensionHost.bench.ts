import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { descendants } from "../soak/watch.ts";
import { openSession } from "../ui/session.ts";
import { Workspace } from "../ui/workspace.ts";
import type { Bench } from "./bench.ts";

/** Long enough for what starts with VS Code to have ended. */
const IDLE_MS = 30_000;

/** MiB that VS Code's extension host takes on the examples once nothing happens any more. */
async function idleHost(extension: string | undefined): Promise<number> {
  const workspace = await Workspace.ofExamples();
  const session = await openSession(workspace, { name: "bench", extension });
  try {
    if (extension === undefined) await (await session.workbench.agents()).row("FaqAgent").waitFor();
    await sleep(IDLE_MS);
    return await memoryOfHost();
  } finally {
    await session.close();
    await workspace.dispose();
  }
}

async function memoryOfHost(): Promise<number> {
  for (const pid of descendants(process.pid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("--type=extensionHost")) continue;
    return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  }
  throw new Error("There is no extension host.");
}

/** As much as an extension can lack. */
async function emptyExtension(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "empty-extension-"));
  for (const part of ["dist", "media", "schemas"]) await mkdir(join(folder, part));
  const manifest = {
    ...{ name: "empty", publisher: "nobody", version: "1.0.0", main: "dist/extension.js" },
    ...{ engines: { vscode: "^1.105.0" }, activationEvents: ["onStartupFinished"] },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "dist/extension.js"), "exports.activate = () => undefined;");
  return folder;
}

/** What the extension takes of VS Code's memory while nothing happens. */
export const bench: Bench = {
  async run() {
    if (process.platform !== "linux") return ["Memory is read from /proc, on Linux."];
    const extension = await emptyExtension();
    try {
      const empty = await idleHost(extension);
      const ours = await idleHost(undefined);
      const name = "idle extension host over an empty extension's";
      return [
        `extension host: ${Math.round(ours)} MiB, with an empty extension ${Math.round(empty)} MiB`,
        {
          ...{ name, ours: ours - empty, yardstick: null, yardstickName: null },
          ...{ unit: "MiB", goal: { atMost: 40 } },
        },
      ];
    } finally {
      await rm(extension, { recursive: true, force: true });
    }
  },
};
