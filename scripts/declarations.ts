import { mkdirSync, writeFileSync } from "node:fs";
import { generateDtsBundle } from "dts-bundle-generator";

const entries = [
  { source: "src/runtime/index.ts", target: "dist/library/index", tsconfig: "src/runtime/tsconfig.json" },
  {
    source: "src/runtime/core/index.ts",
    target: "dist/core/core",
    tsconfig: "src/runtime/core/tsconfig.json",
  },
];

/** Writes one declaration file per entry point, for ES modules (`.d.mts`) and CommonJS (`.d.cts`). */
export function emitDeclarations(): void {
  for (const { source, target, tsconfig } of entries) {
    const [declarations] = generateDtsBundle(
      [
        {
          filePath: source,
          output: { noBanner: true, exportReferencedTypes: false },
          libraries: { inlinedLibraries: ["zod"] },
        },
      ],
      { preferredConfigPath: tsconfig },
    );
    if (declarations === undefined) throw new Error(`No declarations came out of ${source}.`);
    mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    writeFileSync(`${target}.d.mts`, declarations);
    writeFileSync(`${target}.d.cts`, declarations);
  }
}
