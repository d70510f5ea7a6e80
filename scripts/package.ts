import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  version: string;
  description: string;
  license: string;
  keywords: string[];
  devDependencies: Record<string, string>;
};
const base = `dist/${manifest.name}-${manifest.version}`;

execFileSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
// Pictures are left out of the VSIX, and without a public address their links would lead nowhere.
writeFileSync("dist/README.md", readFileSync("README.md", "utf8").replaceAll(/^!\[.*\n\n?/gm, ""));
await createVSIX({
  packagePath: `${base}.vsix`,
  readmePath: "dist/README.md",
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
packLibrary();
for (const file of [`${base}.vsix`, `${base}.tgz`])
  console.log(`${file}  ${Math.round(statSync(file).size / 1024)} KB`);

/** The npm package: the library, its core and the command line, under a manifest without `contributes`. */
function packLibrary(): void {
  const stage = "dist/npm";
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const folder of ["library", "core", "conformance", "typescript"])
    cpSync(join("dist", folder), join(stage, folder), { recursive: true });
  for (const file of [
    "cli.cjs",
    "mcp.cjs",
    "telemetry.cjs",
    "queue.cjs",
    "sandbox.cjs",
    "quickjs.wasm",
    "indexer.cjs",
    "compiler.cjs",
    "agentHost.cjs",
    "agentThread.cjs",
    "threadStart.cjs",
    "babel.cjs",
    "typeCheck.cjs",
    "THIRD_PARTY_NOTICES.txt",
  ])
    copyFileSync(join("dist", file), join(stage, file));
  for (const file of ["README.md", "CHANGELOG.md", "LICENSE"]) copyFileSync(file, join(stage, file));
  writeFileSync(join(stage, "package.json"), JSON.stringify(libraryManifest(), null, 2));
  // Resolution before `exports` existed finds the subpaths through these files.
  for (const [folder, entry] of Object.entries({ core: "core", conformance: "index" })) {
    const manifest = { main: `./${entry}.cjs`, types: `./${entry}.d.cts` };
    writeFileSync(join(stage, folder, "package.json"), JSON.stringify(manifest));
  }
  execFileSync("npm", ["pack", "--silent", "--pack-destination", ".."], {
    cwd: stage,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

function libraryManifest(): Record<string, unknown> {
  const { name, version, description, license, keywords } = manifest;
  const entry = (path: string) => ({
    import: { types: `${path}.d.mts`, default: `${path}.mjs` },
    require: { types: `${path}.d.cts`, default: `${path}.cjs` },
  });
  return {
    name,
    version,
    description,
    license,
    keywords,
    engines: { node: ">=20.19" },
    main: "./library/index.cjs",
    module: "./library/index.mjs",
    types: "./library/index.d.cts",
    exports: {
      ".": entry("./library/index"),
      "./core": entry("./core/core"),
      "./conformance": entry("./conformance/index"),
      "./package.json": "./package.json",
    },
    bin: { [name]: "./cli.cjs" },
    // Loaded on the first task that needs a thread; everything else is bundled.
    dependencies: { piscina: manifest.devDependencies["piscina"] },
    sideEffects: false,
  };
}
