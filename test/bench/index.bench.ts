import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { deserialize } from "node:v8";
import { IndexerClient } from "../../src/indexer/client.ts";
import { IgnoreRules } from "../../src/indexer/ignoreRules.ts";
import { Pause } from "../../src/indexer/pause.ts";
import { walk } from "../../src/indexer/walk.ts";
import type { IndexSnapshot } from "../../src/model/indexerProtocol.ts";
import { inTurns, median, percentile, type Bench, type Figure } from "./bench.ts";
import { someAgent, writeTree } from "./indexTree.ts";
import { measured } from "./indexYardsticks.ts";

// INDEX_TREE=FOLDER npm run bench -- index: a folder of checkouts; without it a tree is generated. `npm run build` comes
// first. INDEX_SIZES=1000,5000 generates smaller trees.
const BUNDLE = join(import.meta.dirname, "../../dist/indexer.cjs");
const GENERATED = (process.env["INDEX_SIZES"] ?? "1000,10000,30000").split(",").map(Number);
const ROUNDS = 3;
/** What changed less than two seconds before it was read is read again. */
const SETTLED_MS = 2_500;
const KEYSTROKES = 40;
const BATCH = 1_000;

const temporary = mkdtempSync(join(tmpdir(), "opsvi-bench-"));
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function withClient<T>(cache: string | null, use: (client: IndexerClient) => Promise<T>): Promise<T> {
  const client = new IndexerClient(BUNDLE, cache);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
}

const indexed = (root: string, cache: string | null = null): Promise<IndexSnapshot> =>
  withClient(cache, (client) => client.index(root));

async function cold(root: string, paths: readonly string[], size: string): Promise<Figure[]> {
  await indexed(root);
  const ms = { ours: [] as number[], yardstick: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await indexed(root);
    ms.ours.push(performance.now() - started);
    ms.yardstick.push(await measured("parse", root, paths));
  }
  const morphMs = await measured("morph", root, paths);
  const unit = "ms";
  return [
    {
      name: `cold index, ${size}`,
      ours: median(ms.ours),
      yardstick: median(ms.yardstick),
      yardstickName: "TypeScript-parsing files with 'class'",
      unit,
      goal: { atMost: 0.35 },
    },
    {
      name: `cold index, ${size}`,
      ours: median(ms.ours),
      yardstick: morphMs,
      yardstickName: "ts-morph over all",
      unit,
      goal: { atMost: 0.1 },
    },
  ];
}

/** Both with the start of a thread left out: the clients are there, and have answered a call. */
async function warm(root: string, paths: readonly string[], size: string): Promise<Figure> {
  const cache = join(temporary, "cache");
  await withClient(cache, async (client) => {
    await client.index(root);
    await client.remember(root);
  });
  const [file = ""] = readdirSync(cache);
  const whole = join(cache, file);
  const clients = Array.from({ length: 5 }, () => new IndexerClient(BUNDLE, cache));
  for (const client of clients) await client.index(join(temporary, "empty")).catch(() => undefined);
  let next = 0;
  const ms = await inTurns(
    clients.length,
    async () => clients[next++]?.index(root),
    () => {
      for (const path of paths) statSync(join(root, path));
      readCache(whole);
    },
  );
  for (const client of clients) await client.dispose();
  return {
    name: `warm start, nothing changed, ${size}`,
    ours: median(ms.ours),
    yardstick: median(ms.yardstick),
    yardstickName: "statSync of each source + cache read, decoded",
    unit: "ms",
    goal: { atMost: 1 },
  };
}

/** The whole file, decoded: the first line tells how long its two parts are. */
function readCache(path: string): void {
  const bytes = readFileSync(path);
  const end = bytes.indexOf("\n") + 1;
  const { head } = JSON.parse(bytes.toString("utf8", 0, end)) as { head: { length: number } };
  deserialize(bytes.subarray(end, end + head.length));
  deserialize(bytes.subarray(end + head.length));
}

async function delays(root: string, size: string): Promise<Figure> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  await withClient(null, async (client) => {
    histogram.enable();
    await client.index(root, { onProgress: () => undefined });
    histogram.disable();
  });
  return {
    name: `event-loop delay of the caller, p99, ${size}`,
    ours: histogram.percentile(99) / 1e6,
    yardstick: null,
    yardstickName: null,
    unit: "ms",
    goal: { atMost: 20 },
  };
}

/** Each keystroke makes another class name; measured from the call to the snapshot in the caller's thread. */
async function edits(root: string, path: string, size: string): Promise<Figure[]> {
  return withClient(null, async (client) => {
    await client.index(root);
    const file = join(root, path);
    const text = readFileSync(file, "utf8");
    const type = async (n: number, typed: string): Promise<number> => {
      const started = performance.now();
      const { agents } = await client.update(root, [{ path: file, text: `${text}\n${typed}` }]);
      const took = performance.now() - started;
      if (n >= 0 && !agents.some(({ name }) => name === `Typed${n}Agent`))
        throw new Error("The edit is missing.");
      return took;
    };
    await type(-1, "");
    const classes: number[] = [];
    const bodies: number[] = [];
    for (let n = 0; n < KEYSTROKES; n += 1) {
      classes.push(await type(n, `export class Typed${n}Agent { run(task: string) {} }`));
      bodies.push(await type(-1, `export const typed = ${n};`));
    }
    const figure = (what: string, values: number[]): Figure => ({
      name: `unsaved edit of ${what}, median, ${size}`,
      ours: median(values),
      yardstick: null,
      yardstickName: null,
      unit: "ms",
      goal: { atMost: 50 },
    });
    return [
      figure("a class name", classes),
      figure("a function body", bodies),
      {
        ...figure("either", []),
        name: `unsaved edit of either, p95, ${size}`,
        ours: percentile([...classes, ...bodies], 0.95),
        goal: null,
      },
    ];
  });
}

/** As after `git checkout`: a thousand files have other texts on disk, told in one call. */
async function batch(root: string, size: string): Promise<Figure> {
  return withClient(null, async (client) => {
    await client.index(root);
    const { sources } = await walk(root, "", new IgnoreRules(root), new Pause(new AbortController().signal));
    const changed = sources.slice(0, BATCH).map((path) => join(root, path));
    for (const path of changed)
      writeFileSync(path, `${readFileSync(path, "utf8")}\nexport const changed = 1;\n`);
    const updates = changed.map((path) => ({ path, text: null }));
    const started = performance.now();
    await client.update(root, updates);
    return {
      name: `${changed.length} files changed on disk, one batch, ${size}`,
      ours: performance.now() - started,
      yardstick: null,
      yardstickName: null,
      unit: "ms",
      goal: null,
    };
  });
}

function memory(root: string, size: string): Figure {
  const script = join(import.meta.dirname, "indexMemory.ts");
  const told = execFileSync(process.execPath, [script, root], { encoding: "utf8" });
  const { before, peak } = JSON.parse(told) as { before: number; peak: number };
  return {
    name: `peak memory of a process (${Math.round(before / 1e6)} MB empty), ${size}`,
    ours: peak / 1e6,
    yardstick: null,
    yardstickName: null,
    unit: "MB",
    goal: { atMost: 400 },
  };
}

/** How the time grows with the number of files: the exponent of the power that fits best, 1 for a straight line. */
function growth(points: readonly { files: number; ms: number }[]): Figure | string {
  const logs = points.map(({ files, ms }) => ({ x: Math.log(files), y: Math.log(ms) }));
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    logs.reduce((sum, point) => sum + pick(point), 0) / logs.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const slope =
    logs.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) /
    logs.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  return {
    name: `growth over ${points.map(({ files, ms }) => `${files}: ${Math.round(ms)} ms`).join(", ")}`,
    ours: slope,
    yardstick: null,
    yardstickName: null,
    unit: "(exponent)",
    goal: { atMost: 1.1 },
  };
}

async function grown(): Promise<{ root: string; fit: Figure | string }> {
  const points: { files: number; ms: number }[] = [];
  let root = "";
  for (const count of GENERATED) {
    root = join(temporary, `tree${count}`);
    writeTree(root, count);
    await indexed(root);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push((await indexed(root)).durationMs);
    points.push({ files: count, ms: median(times) });
  }
  return { root, fit: growth(points) };
}

/** Cold and warm index, memory, latency and edits, each against its yardstick or its goal. */
export const bench: Bench = {
  run: async () => {
    try {
      const { root: generated, fit } = await grown();
      const real = process.env["INDEX_TREE"];
      const root = real === undefined ? generated : resolve(real);
      await wait(SETTLED_MS);
      const first = await indexed(root);
      const { sources } = await walk(
        root,
        "",
        new IgnoreRules(root),
        new Pause(new AbortController().signal),
      );
      const size = `${sources.length} files`;
      const edited = real === undefined ? someAgent() : (first.agents[0]?.file_path ?? sources[0] ?? "");
      const figures: (Figure | string)[] = [
        `${real === undefined ? "generated tree" : "real code"}: ${size}, ${first.agents.length} agents`,
        ...(await cold(root, sources, size)),
        memory(root, size),
        await warm(root, sources, size),
        await delays(root, size),
        ...(await edits(root, edited, size)),
        fit,
      ];
      // Last: it changes files, and only those of the generated tree.
      figures.push(await batch(generated, `${GENERATED.at(-1) ?? 0} files`));
      return figures;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
};
