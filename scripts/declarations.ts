import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";

const entries = [
  { source: "src/runtime/index.ts", target: "library/index", tsconfig: "src/runtime/tsconfig.json" },
  { source: "src/runtime/core/index.ts", target: "core/core", tsconfig: "src/runtime/core/tsconfig.json" },
];

/**
 * Writes one declaration file per entry point, for ES modules (`.d.mts`) and CommonJS (`.d.cts`). They import nothing:
 * their users need neither zod nor, for the core, @types/node.
 */
export function emitDeclarations(folder = "dist"): void {
  for (const { source, target, tsconfig } of entries) {
    const [declarations] = generateDtsBundle(
      [{ filePath: source, output: { noBanner: true, exportReferencedTypes: false } }],
      { preferredConfigPath: tsconfig },
    );
    if (declarations === undefined) throw new Error(`No declarations came out of ${source}.`);
    if (/^import |\bimport\(|^\/\/\/ <reference/m.test(declarations)) {
      throw new Error(`The declarations of ${source} need other modules: expose plain interfaces instead.`);
    }
    mkdirSync(dirname(`${folder}/${target}`), { recursive: true });
    writeFileSync(`${folder}/${target}.d.mts`, declarations);
    writeFileSync(`${folder}/${target}.d.cts`, declarations);
  }
}
