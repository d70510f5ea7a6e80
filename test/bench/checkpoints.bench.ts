import { mkdirSync, opendirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { v7 as uuid } from "uuid";
import { CheckpointClient } from "../../src/checkpoints/client.ts";
import { CheckpointService } from "../../src/checkpoints/service.ts";
import { CheckpointQuery } from "../../src/model/checkpoints.ts";
import { type Bench, type Figure, inTurns, median } from "./bench.ts";
import { recordCheckpoints } from "./recordedCheckpoints.ts";

const output = join(import.meta.dirname, "../../test-output/bench/checkpoints");
const bundle = join(import.meta.dirname, "../../dist/checkpoints.cjs");
const all = 100_000;
const rounds = 5;
const query = CheckpointQuery.parse({ order: "branches" });
const quiet = { changed: () => undefined, progress: () => undefined, found: () => undefined };

/** Names alone, and the text of the index. */
function bare(root: string, folders: number, parse: boolean): void {
  for (let folder = 0; folder < folders; folder += 1) {
    const place = join(root, ".proj-intel", "checkpoints", `Agent${folder}`);
    const open = opendirSync(place, { bufferSize: 4096 });
    while (open.readSync() !== null);
    open.closeSync();
    const text = readFileSync(join(place, "index.jsonl"), "utf8");
    if (parse) for (const line of text.split("\n")) if (line !== "") JSON.parse(line);
  }
}

const rootOf = (root: string) => [{ folder: root, path: root, name: root }];

async function listing(folders: number): Promise<Figure[]> {
  const root = join(output, String(folders));
  recordCheckpoints(root, folders, all);
  const name = folders === 1 ? "one folder" : `${folders} folders`;
  const firstPage = async () => {
    const client = new CheckpointClient(bundle, () => undefined);
    await client.open(rootOf(root));
    const { version } = await client.call.query(query);
    const rows = await client.call.rows(version, 0, 100);
    if (rows?.length !== 100) throw new Error("There is no first page.");
    await client.dispose();
  };
  const complete = async () => {
    const service = new CheckpointService(quiet);
    service.open(rootOf(root));
    await service.complete;
    if (service.query(query).checkpoints !== all) throw new Error("Not all are listed.");
  };
  await firstPage();
  const first = await inTurns(rounds, firstPage, () => bare(root, folders, false));
  const rest = await inTurns(rounds, complete, () => bare(root, folders, true));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const service = new CheckpointService(quiet);
  service.open(rootOf(root));
  await service.complete;
  globalThis.gc?.();
  const heap = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  return [
    {
      name: `first page of 100,000, ${name}, new thread`,
      ours: median(first.ours),
      yardstick: median(first.yardstick),
      yardstickName: "names + text of the index",
      unit: "ms",
      goal: { atMost: 2 },
    },
    {
      name: `all of 100,000, ${name}`,
      ours: median(rest.ours),
      yardstick: median(rest.yardstick),
      yardstickName: "names + JSON.parse of the index",
      unit: "ms",
      goal: { atMost: 2.5 },
    },
    {
      name: `heap for 100,000, ${name}`,
      ours: heap,
      yardstick: null,
      yardstickName: null,
      unit: "MB",
      goal: { atMost: 80 },
    },
  ];
}

/** 200 files of 1 MB. */
async function searching(): Promise<Figure> {
  const root = join(output, "search");
  const place = join(root, ".proj-intel", "checkpoints", "A");
  mkdirSync(place, { recursive: true });
  const text = JSON.stringify("lorem ipsum dolor sit amet ".repeat(38_000));
  const ids = Array.from({ length: 200 }, () => uuid());
  for (const id of ids)
    writeFileSync(join(place, `${id}.json`), `{"schemaVersion":1,"id":"${id}","context":${text}}`);
  const service = new CheckpointService(quiet);
  service.open(rootOf(root));
  await service.complete;
  const times = await inTurns(
    rounds,
    () => service.search("bench", query, "not there"),
    () => ids.map((id) => readFileSync(join(place, `${id}.json`)).length),
  );
  const megabytes = (ids.length * text.length) / 1e6;
  return {
    name: "search through the content of 200 MB",
    ours: (megabytes / median(times.ours)) * 1000,
    yardstick: (megabytes / median(times.yardstick)) * 1000,
    yardstickName: "reading the files",
    unit: "MB/s",
    goal: { atLeast: 0.1 },
  };
}

export const bench: Bench = {
  async run() {
    rmSync(output, { recursive: true, force: true });
    try {
      return [...(await listing(1)), ...(await listing(100)), await searching()];
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  },
};
