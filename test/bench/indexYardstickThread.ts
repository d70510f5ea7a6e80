import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Project, ts } from "ts-morph";
import type { Yardstick } from "./indexYardsticks.ts";

const { yardstick, root, paths } = workerData as {
  yardstick: Yardstick;
  root: string;
  paths: readonly string[];
};

const yardsticks: Record<Yardstick, () => void> = {
  /** Parses the files that hold the word "class" with the TypeScript compiler, one after another, and keeps no tree. */
  parse: () => {
    for (const path of paths) {
      const text = readFileSync(join(root, path), "utf8");
      if (/\bclass\b/.test(text)) ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
    }
  },
  /** Gives all files to ts-morph and asks each for its classes. */
  morph: () => {
    const project = new Project({ skipFileDependencyResolution: true, compilerOptions: { allowJs: true } });
    for (const path of paths) project.addSourceFileAtPath(join(root, path)).getClasses();
  },
};

const started = performance.now();
yardsticks[yardstick]();
parentPort?.postMessage(performance.now() - started);
