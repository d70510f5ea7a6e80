import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("The extension's bundle", () => {
  it("holds neither a TypeScript compiler nor an SDK nor what talks to servers, and loads nothing but VS Code and Node", async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: ["src/extension.ts"],
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      external: ["vscode", "*/telemetry/otlpExporter.ts", "*/queue/connect.ts"],
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain("src/extension.ts");
    expect(
      inputs.filter((path) =>
        /node_modules\/(typescript|ts-morph|@ts-morph|@opentelemetry|bullmq|ioredis|pg)\//.test(path),
      ),
    ).toEqual([]);
    expect(inputs.filter((path) => path.startsWith("src/indexer/"))).toEqual([
      "src/indexer/alike.ts",
      "src/indexer/snapshotDelta.ts",
      "src/indexer/client.ts",
    ]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(1_000_000);
  });
});
