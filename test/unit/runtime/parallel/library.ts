import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../../../..");

/** The library's bundles, and agents for threads, in a temporary folder: Node 20 runs no TypeScript. */
export interface Bundles {
  folder: string;
  /** What threads run. */
  threadFile: string;
  /** The module `agents.ts`. */
  agents: string;
  remove(): void;
}

/** Bundles as scripts/build.ts does. */
export async function bundleLibrary(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), "parallel-"));
  const bundle = (format: "esm" | "cjs", entryPoints: Record<string, string>) =>
    build({
      bundle: true,
      absWorkingDir: root,
      entryPoints,
      outdir: folder,
      outExtension: { ".js": format === "esm" ? ".mjs" : ".cjs" },
      platform: "node",
      format,
      target: "es2022",
      external: ["node:*", "piscina"],
      logLevel: "error",
      ...(format === "cjs" && { define: { "import.meta.url": "undefined" } }),
    });
  const library = {
    index: "src/runtime/index.ts",
    agentWorker: "src/runtime/parallel/agentWorker.ts",
    agents: "test/unit/runtime/parallel/agents.ts",
  };
  await Promise.all([bundle("esm", library), bundle("cjs", library)]);
  return {
    folder,
    threadFile: join(folder, "agentWorker.mjs"),
    agents: join(folder, "agents.mjs"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
