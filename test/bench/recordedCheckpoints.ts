import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { v7 as uuid } from "uuid";

/**
 * Writes checkpoints and their indexes as stores leave them, the same number for each of so many agents; the hashes are
 * not right, which a listing does not look at.
 */
export function recordCheckpoints(root: string, agents: number, all: number): void {
  let time = Date.now() - all * 10;
  for (let number = 0; number < agents; number += 1) {
    const agent = `Agent${number}`;
    const folder = join(root, ".proj-intel", "checkpoints", agent);
    mkdirSync(folder, { recursive: true });
    const lines: string[] = [];
    let parentId: string | null = null;
    for (let i = 0; i < all / agents; i += 1) {
      const id = uuid({ msecs: (time += 10) });
      const summary = {
        ...{ schemaVersion: 1, id, parentId, runId: `run-${number}-${i >> 1}`, agent, agentType: "custom" },
        ...{
          label: i % 2 ? "completed" : "started",
          state: i % 2 ? "ready" : "busy",
          timestamp: time / 1000,
        },
        ...{ createdAt: new Date(time).toISOString(), redactions: 0, lost: [] },
      };
      const head = JSON.stringify(summary).slice(0, -1);
      const text = `${head},"context":{"i":${i}},"task":{},"hash":"${"0".repeat(64)}"}`;
      writeFileSync(join(folder, `${id}.json`), text);
      lines.push(JSON.stringify({ ...summary, hash: "0".repeat(64), bytes: text.length }));
      parentId = id;
    }
    writeFileSync(join(folder, "index.jsonl"), `${lines.join("\n")}\n`);
  }
}
