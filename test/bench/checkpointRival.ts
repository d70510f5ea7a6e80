import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { inTurns, median } from "./bench.ts";
import { benchState } from "./checkpointState.ts";

// node rival.mjs PACKAGES FOLDER ROUNDS: SqliteSaver.put and our save of the same state in turns; prints medians in ms.
const [packages = "", folder = "", rounds = "200"] = process.argv.slice(2);

interface Saver {
  put(config: object, checkpoint: object, metadata: object): Promise<unknown>;
  setup(): void;
  db: { pragma(text: string): void; close(): void };
}
interface Module {
  SqliteSaver: { fromConnString(path: string): Saver };
}
const require = createRequire(join(packages, "package.json"));
const { SqliteSaver } = (await import(
  pathToFileURL(require.resolve("@langchain/langgraph-checkpoint-sqlite")).href
)) as Module;

const medians: Record<string, { ours: number; rival: number }> = {};
for (const synchronous of ["NORMAL", "FULL"]) {
  const place = join(folder, synchronous);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const saver = SqliteSaver.fromConnString(join(place, "langgraph.sqlite"));
  saver.setup();
  // As it ships: WAL, which its SQLite is compiled to use with NORMAL.
  if (synchronous === "FULL") saver.db.pragma("synchronous = FULL");
  const store = new FileCheckpointStore(join(place, "ours"));
  const { state, next } = benchState(100_000);
  let n = 0;
  const ours = () => {
    next();
    store.save({
      agent: "bench",
      agentType: "bench",
      label: "completed",
      state: "ready",
      context: state,
      task: { n: state.step },
      parentId: null,
      runId: "run",
    });
  };
  const rival = () => {
    next();
    n += 1;
    return saver.put(
      { configurable: { thread_id: "run", checkpoint_ns: "" } },
      {
        v: 4,
        id: `1ef${String(n).padStart(9, "0")}`,
        ts: new Date().toISOString(),
        channel_values: { state },
        channel_versions: { state: n },
        versions_seen: {},
      },
      { source: "loop", step: n, parents: {} },
    );
  };
  await inTurns(100, ours, rival);
  const times = await inTurns(Number(rounds), ours, rival);
  medians[synchronous] = { ours: median(times.ours), rival: median(times.yardstick) };
  saver.db.close();
}
process.stdout.write(JSON.stringify(medians));
