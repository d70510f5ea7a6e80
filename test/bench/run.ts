import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench, Figure } from "./bench.ts";

// node test/bench/run.ts [NAME…]: each bench in a process of its own; prints a ratio and its goal for each figure.
const folder = import.meta.dirname;
const [first, ...rest] = process.argv.slice(2);
if (first === "--child") {
  const { bench } = (await import(pathToFileURL(join(folder, `${rest[0] ?? ""}.bench.ts`)).href)) as {
    bench: Bench;
  };
  process.stdout.write(JSON.stringify(await bench.run()));
  process.exit(0);
}
const wanted = first === undefined ? null : new Set([first, ...rest]);
const names = readdirSync(folder)
  .flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
  .filter((name) => wanted?.has(name) ?? true);
if (names.length === 0) {
  console.error(`No such bench. There is NAME.bench.ts for each in ${folder}.`);
  process.exit(2);
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}\n`);
for (const name of names) {
  console.log(name);
  const hooks = pathToFileURL(join(folder, "../looseImports.ts")).href;
  const args = ["--expose-gc", "--import", hooks, import.meta.filename, "--child", name];
  const output = execFileSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  // What a helper of the tests says (that it installs something) stands before.
  const figures = output.trimEnd().split("\n").at(-1) ?? "[]";
  for (const line of JSON.parse(figures) as (Figure | string)[])
    console.log(`  ${typeof line === "string" ? line : format(line)}`);
}

function format({ name, ours, yardstick, yardstickName, unit, goal }: Figure): string {
  const ratio = yardstick === null ? null : ours / yardstick;
  const judged = ratio ?? ours;
  const met = goal === null || ("atMost" in goal ? judged <= goal.atMost : judged >= goal.atLeast);
  const suffix = ratio === null ? ` ${unit}` : "x";
  const wish =
    goal === null
      ? ""
      : `goal ${"atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`}${suffix} ${met ? "met" : "MISSED"}`;
  const against =
    yardstick === null ? "" : `${round(ratio ?? 0)}x of ${yardstickName ?? ""} (${round(yardstick)} ${unit})`;
  return [name.padEnd(46), `${round(ours)} ${unit}`.padStart(20), against.padEnd(52), wish]
    .join("  ")
    .trimEnd();
}

function round(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}
