import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests, TestRunFailedError } from "@vscode/test-electron";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { copyExamples } from "../vscode/examples.ts";
import { vscodeExecutable } from "../vscode/executable.ts";
import { OUTPUT, ROOT } from "../vscode/paths.ts";
import type { ResultLine } from "./index.ts";

// Runs test/extension/suite in the extension host of a real VS Code, on a copy of examples/.
const bundles = join(OUTPUT, "extension");
const results = join(OUTPUT, "extension.jsonl");
const temp = mkdtempSync(join(tmpdir(), "opsvi-extension-"));

try {
  await bundle();
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(results, "");
  const workspace = join(temp, "examples");
  await copyExamples(workspace);
  await runTests({
    vscodeExecutablePath: await vscodeExecutable(),
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: join(bundles, "index.cjs"),
    launchArgs: [workspace, "--disable-extensions", `--user-data-dir=${join(temp, "user-data")}`],
    extensionTestsEnv: { OPSVI_TEST_RESULTS: results },
  });
} catch (error) {
  // Which tests failed is told below.
  if (!(error instanceof TestRunFailedError)) console.error(error);
} finally {
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = tell(existsSync(results) ? readFileSync(results, "utf8") : "");

async function bundle(): Promise<void> {
  rmSync(bundles, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/extension/index.ts", ...globSync("test/extension/suite/**/*.test.ts", { cwd: ROOT })],
    outbase: "test/extension",
    outdir: bundles,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
}

/** Prints every test and the sum; returns the exit code. A suite that did not reach its end counts as a failed test. */
function tell(text: string): number {
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ResultLine);
  const count = { passed: 0, failed: 0, skipped: 0 };
  let ended = false;
  for (const line of lines) {
    if (line.type === "ended") {
      ended = true;
      continue;
    }
    count[line.type] += 1;
    console.log(`${{ passed: "✓", failed: "✗", skipped: "-" }[line.type]} ${line.title}`);
    if (line.error !== undefined) console.log(line.error.replace(/^/gm, "    "));
  }
  if (!ended) {
    count.failed += 1;
    console.log("✗ The suite did not run to its end.");
  }
  console.log(`extension: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed === 0 && count.passed > 0 ? 0 : 1;
}
