import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Bench, Figure } from "./bench.ts";
import type { MigrateTimes } from "./migrateRun.ts";
import { writeAgents } from "./migrateTree.ts";

// `npm run build` comes first. MIGRATE_CLASSES=100 migrates fewer.
const CLASSES = Number(process.env["MIGRATE_CLASSES"] ?? 430);
const repository = resolve(import.meta.dirname, "../..");
const TSC = join(repository, "node_modules/typescript/bin/tsc");

/** Seconds that the type checker alone needs, in a process of its own. */
function checkAlone(root: string): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, [TSC, "--noEmit", "-p", root], { stdio: ["ignore", "inherit", "inherit"] });
  return (performance.now() - startedAt) / 1000;
}

function migrate(script: string, root: string): MigrateTimes {
  const args = [script, root, join(repository, "dist")];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as MigrateTimes;
}

export const bench: Bench = {
  async run() {
    const temporary = mkdtempSync(join(tmpdir(), "opsvi-bench-"));
    try {
      const script = join(temporary, "migrateRun.cjs");
      await build({
        entryPoints: [join(import.meta.dirname, "migrateRun.ts")],
        outfile: script,
        bundle: true,
        platform: "node",
        format: "cjs",
        // As in the build: its ES module needs import.meta.url.
        alias: { tinyglobby: "./node_modules/tinyglobby/dist/index.cjs" },
      });
      const root = join(temporary, "agents");
      writeAgents(root, CLASSES);
      checkAlone(root);
      const aloneBefore = checkAlone(root);
      const times = migrate(script, root);
      const aloneAfter = checkAlone(root);
      const whole = times.planning + times.checking + times.writing + times.verifying;
      const figure = (name: string, ours: number, goal: Figure["goal"] = null): Figure => ({
        ...{ name, ours, goal, unit: "s", yardstick: null, yardstickName: null },
      });
      return [
        `${times.migrated} of ${CLASSES} classes migrated`,
        figure("indexed", times.indexing),
        figure("planned", times.planning),
        figure("checked before", times.checking),
        figure("written", times.writing),
        figure("verified", times.verifying),
        figure("planned, checked, written and verified", whole, { atMost: 30 }),
        {
          ...figure("the same", whole, { atMost: 1.5 }),
          yardstick: aloneBefore + aloneAfter,
          yardstickName: "tsc --noEmit before and after",
        },
      ];
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  },
};
