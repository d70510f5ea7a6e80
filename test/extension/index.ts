import { appendFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import Mocha from "mocha";

/** A line of the results file that `run.ts` reads back. */
export type ResultLine =
  { type: "passed" | "failed" | "skipped"; title: string; error?: string } | { type: "ended" };

/** Called by the extension host: runs the suites beside this file; rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 60_000, reporter: "min" });
  const folder = join(__dirname, "suite");
  for (const file of (await readdir(folder)).sort())
    if (file.endsWith(".test.cjs")) mocha.addFile(join(folder, file));
  const failures = await new Promise<number>((resolve) => report(mocha.run(resolve)));
  write({ type: "ended" });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}

function report(runner: Mocha.Runner): void {
  runner.on("pass", (test) => write({ type: "passed", title: test.fullTitle() }));
  runner.on("pending", (test) => write({ type: "skipped", title: test.fullTitle() }));
  runner.on("fail", (test, error: Error) =>
    write({ type: "failed", title: test.fullTitle(), error: error.stack ?? error.message }),
  );
}

function write(line: ResultLine): void {
  const file = process.env["OPSVI_TEST_RESULTS"];
  if (file !== undefined) appendFileSync(file, JSON.stringify(line) + "\n");
}
