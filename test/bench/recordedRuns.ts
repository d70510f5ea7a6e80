import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { v7 as uuid } from "uuid";

/** Writes records as short runs leave them. */
export async function recordRuns(root: string, count: number): Promise<void> {
  const folder = join(root, ".proj-intel", "runs");
  await mkdir(folder, { recursive: true });
  const now = new Date().toISOString();
  for (let i = 0; i < count; i += 1) {
    const runId = uuid();
    const agent = { file_path: "src/a.ts", name: "Trivial" };
    const events = [
      { type: "queued", agent, task: { i }, retries: 0, timeoutMs: null },
      { type: "started", pid: 1, node: "24.0.0" },
      { type: "checkpoint", id: runId, label: null },
      { type: "finished", status: "success", checkpointId: runId, attempts: 1, durationMs: 5, warnings: [] },
    ].map(({ type, ...rest }) => JSON.stringify({ type, runId, time: now, ...rest }));
    await writeFile(join(folder, `${runId}.jsonl`), `${events.join("\n")}\n`);
  }
}
