import { join } from "node:path";
import { IndexerClient } from "../../src/indexer/client.ts";
import { migrateMany } from "../../src/migration/migrateMany.ts";
import { planAll } from "../../src/migration/planAll.ts";
import { defaultPlanOptions } from "../../src/model/migrationPlan.ts";
import { TypeCheckClient } from "../../src/typeCheck/client.ts";

/** Seconds. */
export interface MigrateTimes {
  migrated: number;
  indexing: number;
  planning: number;
  checking: number;
  writing: number;
  verifying: number;
}

// node migrateRun.cjs ROOT DIST: migrates all agents of a folder and prints how long each step took.
async function run(root: string, dist: string): Promise<MigrateTimes> {
  const times = { indexing: 0, planning: 0, checking: 0, writing: 0, verifying: 0, rollingBack: 0 };
  let stage: keyof typeof times = "indexing";
  let since = performance.now();
  const enter = (next: keyof typeof times) => {
    times[stage] += (performance.now() - since) / 1000;
    [stage, since] = [next, performance.now()];
  };
  const indexer = new IndexerClient(join(dist, "indexer.cjs"));
  const node = { path: process.execPath, env: {} };
  const checker = new TypeCheckClient({ root, processFile: join(dist, "typeCheck.cjs"), node });
  try {
    const { agents } = await indexer.index(root);
    enter("planning");
    const requests = agents.map(({ file_path, name }) => ({ file: join(root, file_path), name }));
    checker.prepare(requests.map(({ file }) => file));
    const planned = await planAll({
      requests,
      plan: (some) => indexer.planMigrations(root, some, defaultPlanOptions),
    });
    const plans = planned.flatMap(({ result }) => (result.status === "ready" ? [result.plan] : []));
    const { entries } = await migrateMany({ root, plans, checker, onStage: enter });
    enter(stage);
    return { ...times, migrated: entries.filter(({ data }) => data.status === "migrated").length };
  } finally {
    checker.dispose();
    await indexer.dispose();
  }
}

const [root = "", dist = ""] = process.argv.slice(2);
void run(root, dist).then((times) => process.stdout.write(JSON.stringify(times)));
