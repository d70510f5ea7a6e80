import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";

const entries = [
  { source: "src/runtime/index.ts", target: "library/index", tsconfig: "src/runtime/tsconfig.json" },
  {
    source: "src/runtime/conformance.ts",
    target: "conformance/index",
    tsconfig: "src/runtime/tsconfig.json",
  },
  { source: "src/runtime/core/index.ts", target: "core/core", tsconfig: "src/runtime/core/tsconfig.json" },
];

/** Projects that compile for ES2017 and older have no AsyncIterable among their types. */
const libraries = '/// <reference lib="es2018.asynciterable" />';

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
    const code = declarations.replaceAll(/\/\*[\s\S]*?\*\//g, "");
    if (/^import |\bimport\(|\bBuffer\b|\bNodeJS\.|^\/\/\/ <reference/m.test(code)) {
      throw new Error(`The declarations of ${source} need other modules: expose plain interfaces instead.`);
    }
    mkdirSync(dirname(`${folder}/${target}`), { recursive: true });
    for (const extension of ["d.mts", "d.cts"]) {
      writeFileSync(`${folder}/${target}.${extension}`, `${libraries}\n${declarations}`);
    }
  }
}
