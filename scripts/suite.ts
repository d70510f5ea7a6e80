import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { OUTPUT, ROOT } from "../test/vscode/paths.ts";

export const COVERAGE = "--coverage.enabled";

export interface Suite {
  name: string;
  command: string[];
  /** Where the counts come from: the exit code, a last line "… N passed, N failed, N skipped", or vitest's report. */
  count: "one" | "line" | "vitest";
  timeoutMs: number;
  /** Files that failed get a second chance: what drives threads and whole programs stumbles over a slow machine. Told as flaky. */
  again?: boolean;
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
  /** Tests that failed at last, and those that failed first and passed when they ran again. */
  failures: string[];
  flaky: string[];
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
  let failures: Failure[] = [];
  let flaky: Failure[] = [];
  try {
    counts = await runAndCount(suite);
    failures = suite.count === "vitest" ? failuresIn(reportOf(suite)) : [];
    if (suite.again === true && failures.length > 0) {
      const files = [...new Set(failures.map(({ file }) => file))];
      console.log(`\n━━ ${suite.name}, again: ${files.join(", ")}`);
      // What some files cover says nothing of the whole.
      const command = suite.command.filter((argument) => argument !== COVERAGE);
      const second = { ...suite, name: `${suite.name} again`, command: [...command, ...files] };
      await runAndCount(second);
      const left = failuresIn(reportOf(second));
      flaky = failures.filter((failure) => !left.some(({ title }) => title === failure.title));
      failures = left;
      const total = counts.passed + counts.failed;
      counts = { ...counts, passed: total - left.length, failed: left.length };
    } else if (suite.again === true && counts.failed > 0) {
      console.log(`\n━━ ${suite.name}, again`);
      const first = counts.failed;
      counts = await runAndCount(suite);
      if (counts.failed < first) flaky = [{ file: "", title: `${first - counts.failed} of its tests` }];
    }
  } catch (error) {
    note = error instanceof Error ? error.message : String(error);
    console.error(error);
    counts = { ...counts, failed: counts.failed + 1 };
  }
  const titles = (of: Failure[]) => of.map(({ title }) => title);
  return {
    ...counts,
    durationMs: Date.now() - start,
    note,
    failures: titles(failures),
    flaky: titles(flaky),
  };
}

/** @throws Error where the suite counts as failed beyond its tests. */
async function runAndCount(suite: Suite): Promise<Counts> {
  const ended = await run(suite);
  if (ended.timedOut) throw new Error(`stopped after ${suite.timeoutMs / 60_000} minutes`);
  const counts = count(suite, ended);
  if (ended.code !== 0 && counts.failed === 0) throw new Error(`ended with code ${ended.code ?? "none"}`);
  if (ended.code === 0 && counts.passed + counts.failed === 0) throw new Error("ran no test");
  return counts;
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
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
}

interface Failure {
  file: string;
  title: string;
}

function readReport(file: string): Counts {
  const report = reportIn(file);
  return {
    passed: report.numPassedTests,
    failed: failuresIn(file).length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A file that failed without a failed test could not be loaded, or one of its hooks failed. */
function failuresIn(file: string): Failure[] {
  return reportIn(file)
    .testResults.filter(({ status }) => status === "failed")
    .flatMap(({ name, assertionResults }) => {
      const path = relative(ROOT, name).replaceAll("\\", "/");
      const failed = assertionResults.filter(({ status }) => status === "failed");
      if (failed.length === 0) return [{ file: path, title: path }];
      return failed.map(({ fullName }) => ({ file: path, title: `${path} > ${fullName}` }));
    });
}

function reportIn(file: string): VitestReport {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error("ended without a report");
  }
  return JSON.parse(text) as VitestReport;
}
