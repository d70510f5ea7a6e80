import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { OUTPUT, ROOT } from "../test/vscode/paths.ts";

export interface Suite {
  name: string;
  command: string[];
  /** Where the counts come from: the exit code, a last line "… N passed, N failed, N skipped", or vitest's report. */
  count: "one" | "line" | "vitest";
  timeoutMs: number;
  /** The Node it runs under, first on the PATH of everything it starts; without it the one of this process. */
  node?: () => Promise<string>;
}

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  durationMs: number;
  /** Why the suite counts as failed beyond its tests; else "". */
  note: string;
}

type Counts = Pick<Outcome, "passed" | "failed" | "skipped">;

interface Ended {
  /** Null where a signal or the time limit ended it. */
  code: number | null;
  output: string;
  timedOut: boolean;
}

/** Runs a suite and counts. Always resolves: one that cannot start, crashes or hangs has at least one failure. */
export async function runSuite(suite: Suite): Promise<Outcome> {
  const start = Date.now();
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let note = "";
  try {
    const ended = await run(suite);
    if (ended.timedOut) throw new Error(`stopped after ${suite.timeoutMs / 60_000} minutes`);
    counts = count(suite, ended);
    if (ended.code !== 0 && counts.failed === 0) note = `ended with code ${ended.code ?? "none"}`;
    else if (ended.code === 0 && counts.passed + counts.failed === 0) note = "ran no test";
  } catch (error) {
    note = error instanceof Error ? error.message : String(error);
    console.error(error);
  }
  if (note !== "") counts = { ...counts, failed: counts.failed + 1 };
  return { ...counts, durationMs: Date.now() - start, note };
}

async function run(suite: Suite): Promise<Ended> {
  const node = suite.node === undefined ? process.execPath : await suite.node();
  const [, ...args] = suite.command;
  if (suite.count === "vitest")
    args.push("--reporter=default", "--reporter=json", `--outputFile.json=${reportOf(suite)}`);
  const path = [dirname(node), process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn(node, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const)
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
      target.write(chunk);
    });
  const end = () => {
    try {
      if (child.pid !== undefined)
        process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, suite.timeoutMs);
  process.once("exit", end);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output, timedOut }));
    });
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
  }
}

function count(suite: Suite, { code, output }: Ended): Counts {
  if (suite.count === "one") return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if (suite.count === "vitest") return readReport(reportOf(suite));
  const sums = [...output.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1);
  if (sums === undefined) throw new Error("ended without a result");
  return { passed: Number(sums[1]), failed: Number(sums[2]), skipped: Number(sums[3] ?? 0) };
}

const reportOf = (suite: Suite) => join(OUTPUT, `${suite.name.replaceAll(" ", "-")}.json`);

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

function readReport(file: string): Counts {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error("ended without a report");
  }
  const report = JSON.parse(text) as VitestReport;
  // A file that failed without a failed test could not be loaded, or one of its hooks failed.
  const brokenFiles = report.testResults.filter(
    (result) =>
      result.status === "failed" && result.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
