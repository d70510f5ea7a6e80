import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { build } from "esbuild";
import { node20 } from "../../scripts/node20.ts";
import {
  type CheckpointStore,
  FileCheckpointStore,
  serializeCheckpoint,
  SqliteCheckpointStore,
} from "../../src/runtime/index.ts";
import { type Bench, type Figure, inTurns, median } from "./bench.ts";
import { benchState } from "./checkpointState.ts";

// On a disk: what is in memory waits for none.
const output = join(import.meta.dirname, "../../test-output/bench");
const folder = join(output, "checkpoint");
const packages = join(output, "langgraph");
const rounds = 200;
const rivals = {
  "@langchain/langgraph-checkpoint-sqlite": "1.0.4",
  "@langchain/langgraph-checkpoint": "1.2.2",
  "@langchain/core": "1.4.0",
  "better-sqlite3": "12.11.1",
};

async function againstBareWrites(kilobytes: number, name: string, store: CheckpointStore): Promise<Figure> {
  const { state, next } = benchState(kilobytes * 1000);
  const draft = () => ({
    agent: "bench",
    agentType: "bench",
    label: "completed",
    state: "ready" as const,
    context: state,
    task: { n: state.step },
    parentId: null,
    runId: "run",
  });
  const bytes = Buffer.from(serializeCheckpoint(draft()).text);
  const place = join(folder, `bare-${name}-${kilobytes}`);
  mkdirSync(place, { recursive: true });
  const ours = () => {
    next();
    store.save(draft());
  };
  const bare = () => {
    const id = randomUUID();
    const file = openSync(join(place, `.${id}.tmp`), "wx", 0o600);
    writeSync(file, bytes);
    fsyncSync(file);
    closeSync(file);
    renameSync(join(place, `.${id}.tmp`), join(place, `${id}.json`));
  };
  await inTurns(200, ours, bare);
  const times = await inTurns(rounds, ours, bare);
  return {
    name: `durable checkpoint, ${name} store, ${kilobytes} KB`,
    ours: median(times.ours),
    yardstick: median(times.yardstick),
    yardstickName: "bare write + fsync + rename",
    unit: "ms",
    goal: { atMost: 1.25 },
  };
}

/** Native, and no dependency of ours: installed beside the benches, for a Node that it can be built for. */
async function againstLangGraph(): Promise<(Figure | string)[]> {
  try {
    const node = await node20();
    const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env["PATH"] ?? ""}` };
    const check = `require("better-sqlite3")(":memory:"); require("@langchain/langgraph-checkpoint-sqlite")`;
    const works = (): boolean => {
      try {
        execFileSync(node, ["-e", check], { cwd: packages, stdio: "ignore" });
        return true;
      } catch {
        return false;
      }
    };
    if (!works()) {
      mkdirSync(packages, { recursive: true });
      const manifest = { private: true, dependencies: rivals, allowScripts: { "better-sqlite3": true } };
      writeFileSync(join(packages, "package.json"), JSON.stringify(manifest));
      const options = { cwd: packages, env, stdio: "pipe" as const, timeout: 600_000 };
      execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-progress"], {
        ...options,
        shell: process.platform === "win32",
      });
    }
    const program = join(folder, "rival.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "checkpointRival.ts")],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "error",
    });
    const args = [program, packages, join(folder, "rival"), String(rounds)];
    const medians = JSON.parse(execFileSync(node, args, { encoding: "utf8" })) as Record<
      "NORMAL" | "FULL",
      { ours: number; rival: number }
    >;
    return (["FULL", "NORMAL"] as const).map((synchronous) => ({
      name: "durable checkpoint, file store, 100 KB, Node 20",
      ours: medians[synchronous].ours,
      yardstick: medians[synchronous].rival,
      yardstickName:
        synchronous === "FULL"
          ? "SqliteSaver, WAL, synchronous FULL"
          : "SqliteSaver, WAL, NORMAL (no fsync a put)",
      unit: "ms",
      goal: { atMost: 1 },
    }));
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer | null };
    const reason = stderr?.toString() ?? message;
    return [`SqliteSaver of LangGraph.js was not compared: ${reason.trim().split("\n").at(-1) ?? ""}`];
  }
}

export const bench: Bench = {
  async run() {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const figures: (Figure | string)[] = [];
    for (const kilobytes of [1, 10, 100]) {
      figures.push(
        await againstBareWrites(kilobytes, "file", new FileCheckpointStore(join(folder, `${kilobytes}`))),
      );
    }
    if (process.getBuiltinModule("node:sqlite") === undefined) {
      figures.push(`The SQLite store needs node:sqlite, which Node ${process.versions.node} has not.`);
    } else {
      for (const kilobytes of [1, 10, 100]) {
        const store = new SqliteCheckpointStore(join(folder, `${kilobytes}.sqlite`));
        figures.push(await againstBareWrites(kilobytes, "SQLite", store));
        store.close();
      }
    }
    figures.push(...(await againstLangGraph()));
    rmSync(folder, { recursive: true, force: true });
    return figures;
  },
};
