import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { OUTPUT } from "../test/vscode/paths.ts";
import { node20 } from "./node20.ts";
import { COVERAGE, runSuite, type Outcome, type Suite } from "./suite.ts";

// Everything, also after a suite that failed. The last line is the sum over all suites.
const MINUTE = 60_000;
const script = (path: string, ...args: string[]) => [process.execPath, path, ...args];
const vitest = (project: string) => script("node_modules/vitest/vitest.mjs", "run", "--project", project);
/** What depends on the Node that agents run under: how they are loaded, executed, stopped and end. */
const onEachNode = [
  ...["cli", "construct", "debugging", "examples", "faults", "instances", "liveState", "loading", "mcp"],
  ...[
    "oldNode",
    "outliving",
    "output",
    "running",
    "sharedThreads",
    "surroundings",
    "surviving",
    "taskShapes",
  ],
].map((name) => `test/host/${name}.test.ts`);

const build: Suite = {
  name: "build",
  command: script("scripts/build.ts"),
  count: "one",
  timeoutMs: 3 * MINUTE,
};
/** They run no program of ours: two go at a time. */
const checks: Suite[] = [
  {
    name: "lint",
    command: script("node_modules/eslint/bin/eslint.js", "."),
    count: "one",
    timeoutMs: 10 * MINUTE,
  },
  { name: "types", command: script("scripts/types.ts"), count: "line", timeoutMs: 10 * MINUTE },
  {
    name: "format",
    command: script("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
    count: "one",
    timeoutMs: 5 * MINUTE,
  },
  { name: "docs", command: script("scripts/docs.ts"), count: "one", timeoutMs: 5 * MINUTE },
];
const suites: Suite[] = [
  { name: "unit", command: vitest("unit"), count: "vitest", timeoutMs: 20 * MINUTE, again: true },
  {
    name: "runtime",
    // Coverage makes all code of a process slow, the compiler above all.
    command: [...vitest("runtime"), COVERAGE],
    count: "vitest",
    timeoutMs: 20 * MINUTE,
    again: true,
  },
  {
    name: "host on Node 24",
    command: vitest("host"),
    count: "vitest",
    timeoutMs: 20 * MINUTE,
    again: true,
  },
  {
    name: "host on Node 20",
    command: [...vitest("host"), ...onEachNode],
    count: "vitest",
    timeoutMs: 20 * MINUTE,
    again: true,
    node: node20,
  },
  {
    name: "queue",
    command: [...vitest("queue"), "--maxWorkers=2"],
    count: "vitest",
    timeoutMs: 15 * MINUTE,
    again: true,
  },
  {
    name: "extension",
    command: script("test/extension/run.ts"),
    count: "line",
    timeoutMs: 15 * MINUTE,
    again: true,
  },
  { name: "ui", command: vitest("ui"), count: "vitest", timeoutMs: 55 * MINUTE, again: true },
  { name: "package", command: vitest("package"), count: "vitest", timeoutMs: 10 * MINUTE },
];

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
const outcomes: [string, Outcome][] = [];
const tell = async (suite: Suite) => {
  console.log(`\n━━ ${suite.name}`);
  outcomes.push([suite.name, await runSuite(suite)]);
};
const atATime = pLimit(2);
await tell(build);
await Promise.all(checks.map((suite) => atATime(() => tell(suite))));
for (const suite of suites) await tell(suite);

console.log("\nsuite              passed  failed  skipped  seconds");
for (const [name, { passed, failed, skipped, durationMs, note }] of outcomes) {
  const columns = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)];
  const seconds = (durationMs / 1000).toFixed(0).padStart(7);
  console.log([name.padEnd(17), ...columns, seconds].join("  ") + (note === "" ? "" : `  ${note}`));
}
for (const [name, { failures, flaky }] of outcomes) {
  for (const title of failures) console.log(`failed  ${name}: ${title}`);
  for (const title of flaky) console.log(`flaky, passed when it ran again  ${name}: ${title}`);
}
const sum = (of: "passed" | "failed") => outcomes.reduce((total, [, outcome]) => total + outcome[of], 0);
process.exitCode = sum("failed") === 0 ? 0 : 1;
const line = `${sum("passed")} passed, ${sum("failed")} failed`;
writeFileSync(join(OUTPUT, "sum.txt"), `${line}\n`);
console.log(line);
