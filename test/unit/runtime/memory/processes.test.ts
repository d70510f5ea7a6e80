import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MemoryStore } from "../../../../src/runtime/index.ts";

const root = mkdtempSync(join(tmpdir(), "memory-processes-"));
const program = join(root, "rememberMany.mjs");
// Node 20 runs no TypeScript.
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, "rememberMany.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  }),
);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A process; `said` grows as it says complete lines. */
function start(folder: string, name: string, count: number) {
  const child = spawn(process.execPath, ["--no-warnings", program, folder, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  let rest = "";
  child.stdout.on("data", (data: Buffer) => {
    const lines = (rest + data.toString()).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines);
  });
  return { child, said, closed: once(child, "close") as Promise<[number | null]> };
}

it("loses no key of 4 processes that write 200 each to one namespace, nor a step of what they count", async () => {
  const folder = join(root, "many");
  const started = ["p", "q", "r", "s"].map((name) => start(folder, name, 200));
  const codes = await Promise.all(started.map(({ closed }) => closed));
  expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const memory = new MemoryStore({ folder }).of("worker");
  expect(memory.get("total")).toBe(800);
  expect(memory.keys()).toHaveLength(801);
  expect(new Set(memory.keys())).toEqual(new Set(["total", ...started.flatMap(({ said }) => said)]));
  expect(memory.get("s-199")).toEqual({ i: 199 });
  expect(readdirSync(folder)).toEqual(["worker.json"]);
}, 120_000);

it("loses nothing that was set when processes are killed", async () => {
  const folder = join(root, "killed");
  const memory = new MemoryStore({ folder }).of("worker");
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    const { child, said, closed } = start(folder, `round${round}`, 100_000);
    await new Promise<void>((resolve) => {
      child.stdout.on("data", () => {
        if (said.length >= 5 + 7 * round) resolve();
      });
    });
    child.kill("SIGKILL");
    await closed;
    acknowledged.push(...said);
    memory.set(`after${round}`, round);
    acknowledged.push(`after${round}`);
    const kept = new Set(memory.keys());
    expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
  }
}, 60_000);
