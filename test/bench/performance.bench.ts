import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PerformanceReader } from "../../src/performance/performanceReader.ts";
import { inTurns, median, type Bench } from "./bench.ts";
import { recordRuns } from "./recordedRuns.ts";

const records = 10_000;
const of = `of ${records.toLocaleString("en")} runs`;
const ROUNDS = 3;

export const bench: Bench = {
  async run() {
    const root = mkdtempSync(join(tmpdir(), "performance-"));
    try {
      await recordRuns(root, records);
      const roots = [{ root, prefix: "" }];
      const query = { span: "all", agent: null } as const;
      const folder = join(root, ".proj-intel", "runs");
      const bare = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").length);
      const cold = await inTurns(ROUNDS, () => new PerformanceReader().figures(roots, query), bare);
      const reader = new PerformanceReader();
      await reader.figures(roots, query);
      await recordRuns(root, 1);
      const started = performance.now();
      await reader.figures(roots, query);
      const again = performance.now() - started;
      const read = median(cold.yardstick);
      const yardstickName = "a bare read of the records";
      return [
        {
          ...{
            name: `the figures ${of}, read anew`,
            ours: median(cold.ours),
            yardstick: read,
            yardstickName,
          },
          ...{ unit: "ms", goal: null },
        },
        {
          ...{ name: `the figures ${of} after one more`, ours: again, yardstick: read, yardstickName },
          ...{ unit: "ms", goal: { atMost: 0.5 } },
        },
      ];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};
