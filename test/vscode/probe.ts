import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { OUTPUT, ROOT } from "./paths.ts";

const manifest = {
  ...{ publisher: "opsvi", name: "probe", version: "1.0.0", main: "./dist/extension.cjs" },
  engines: { vscode: "^1.105.0" },
  capabilities: { untrustedWorkspaces: { supported: true } },
  contributes: {
    commands: [
      { command: "probe.ask", title: "Probe: Ask as a Language Model" },
      { command: "probe.end", title: "Probe: End the Thread That Restores" },
      { command: "probe.rows", title: "Probe: Show Rows" },
      { command: "probe.serve", title: "Probe: Start MCP Servers" },
    ],
    views: { explorer: [{ id: "probe.rows", name: "Rows" }] },
  },
};

/** Builds the extension in test/extension/probe, and answers with its folder. */
export async function buildProbe(): Promise<string> {
  const folder = join(OUTPUT, "probe");
  await build({
    ...{ absWorkingDir: ROOT, entryPoints: ["test/extension/probe/extension.ts"], bundle: true },
    ...{ platform: "node", format: "cjs", target: "node20", external: ["vscode"], logLevel: "warning" },
    outfile: join(folder, "dist/extension.cjs"),
  });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}
