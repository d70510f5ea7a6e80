import { spawnSync } from "node:child_process";

/** One project per environment, so that `lib` and `types` decide what exists there. */
const projects = [
  "src/runtime/core",
  "src/runtime",
  ".",
  "src/vscode",
  "src/webview",
  "test/extension",
  "test/ui",
];

let failed = 0;
for (const project of projects) {
  const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], {
    stdio: "inherit",
  });
  if (status !== 0) failed += 1;
}
console.log(`types: ${projects.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
