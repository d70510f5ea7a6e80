import { chmod, copyFile, readFile, rm } from "node:fs/promises";
import { build, context, type BuildOptions, type Plugin } from "esbuild";
import { copyCompilerLibraries } from "./compilerLibraries.ts";
import { emitDeclarations } from "./declarations.ts";
import { writeNotices } from "./notices.ts";

const node: BuildOptions = {
  platform: "node",
  format: "cjs",
  target: "node20",
  // Its ES module needs import.meta.url, which CommonJS has not.
  alias: { tinyglobby: "./node_modules/tinyglobby/dist/index.cjs" },
  // Where CommonJS runs, the library does without it: src/runtime/parallel/threadFile.ts.
  define: { "import.meta.url": "undefined" },
};
const library: BuildOptions = {
  platform: "neutral",
  target: "es2022",
  minify: false,
  keepNames: false,
  external: ["node:*"],
};
/** The threads of ParallelAgentExecutor run the file beside the library. */
const libraryEntries = {
  "library/index": "src/runtime/index.ts",
  "library/agentWorker": "src/runtime/parallel/agentWorker.ts",
  "conformance/index": "src/runtime/conformance.ts",
};
const browser: BuildOptions = {
  platform: "browser",
  format: "iife",
  target: "chrome134",
  jsx: "automatic",
  jsxImportSource: "preact",
};

/** Babel is most of what a thread would have to compile, and is needed only where no compiled module is cached. */
const babelBeside: Plugin = {
  name: "babel-beside",
  setup: (build) => {
    build.onResolve({ filter: /babel\.cjs$/ }, ({ kind }) =>
      kind === "entry-point" ? null : { path: "./babel.cjs", external: true },
    );
  },
};

/** Node 20 finds no loader for an import() in code that was compiled in another thread: jiti gets that of threadStart.ts. */
const importOutside: Plugin = {
  name: "import-outside",
  setup: (build) => {
    build.onLoad({ filter: /jiti[\\/]lib[\\/]jiti\.cjs$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace("(id) => import(id)", "nativeImportOutside");
      if (contents === text) throw new Error(`${path} imports in another way than it did.`);
      return { contents };
    });
  },
};

/** The compiler is loaded only when there is something to parse. */
const compilerBeside: Plugin = {
  name: "compiler-beside",
  setup: (build) => {
    build.onResolve({ filter: /\/withCompiler\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? null : { path: "./compiler.cjs", external: true },
    );
  },
};

/** The protocol's library is as large as the rest of the command line, and one command needs it. */
const protocolBeside: Plugin = {
  name: "protocol-beside",
  setup: (build) => {
    build.onResolve({ filter: /\/mcp\/serve\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? null : { path: "./mcp.cjs", external: true },
    );
  },
};

/** OpenTelemetry's SDK is loaded by those who send spans somewhere. */
const telemetryBeside: Plugin = {
  name: "telemetry-beside",
  setup: (build) => {
    build.onResolve({ filter: /\/telemetry\/otlpExporter\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? null : { path: "./telemetry.cjs", external: true },
    );
  },
};

/** BullMQ and the drivers of servers are loaded by those who use a queue. */
const queueBeside: Plugin = {
  name: "queue-beside",
  setup: (build) => {
    build.onResolve({ filter: /(?:\/queue|^\.\.)\/connect\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? null : { path: "./queue.cjs", external: true },
    );
  },
};

/** Of ts-morph only the compiler that it brings is used: its wrappers and the texts of TypeScript's libraries stay out. */
const compilerOnly: Plugin = {
  name: "compiler-only",
  setup: (build) => {
    build.onResolve({ filter: /^ts-morph$/ }, ({ path }) => ({ path, namespace: "compiler-only" }));
    build.onLoad({ filter: /./, namespace: "compiler-only" }, () => ({
      contents: 'import ts from "@ts-morph/common/dist/typescript.js"; export { ts };',
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Everything that is built, a line a bundle. */
const bundles: Record<string, BuildOptions> = {
  extension: {
    ...node,
    entryPoints: { extension: "src/extension.ts" },
    external: ["vscode"],
    plugins: [telemetryBeside, queueBeside],
  },
  indexer: {
    ...node,
    entryPoints: { indexer: "src/indexer/worker.ts" },
    plugins: [compilerBeside],
  },
  compiler: {
    ...node,
    entryPoints: { compiler: "src/indexer/withCompiler.ts" },
    plugins: [compilerOnly],
    // To name its functions takes as long as to run the rest of the compiler's top level.
    keepNames: false,
  },
  agentHost: {
    ...node,
    entryPoints: {
      agentHost: "src/agentHost/process.ts",
      threadStart: "src/agentHost/threadStart.ts",
      agentThread: "src/agentHost/thread.ts",
      babel: "./node_modules/jiti/dist/babel.cjs",
    },
    alias: { jiti: "./node_modules/jiti/lib/jiti.cjs" },
    plugins: [babelBeside, importOutside],
    // To keep the names of shortened functions costs each time that one is made: a seventh of what a short run takes.
    ...{ minify: false, minifySyntax: true, minifyWhitespace: true, keepNames: false },
  },
  checkpoints: { ...node, entryPoints: { checkpoints: "src/checkpoints/worker.ts" } },
  patterns: { ...node, entryPoints: { patterns: "src/runs/patterns/worker.ts" } },
  performance: { ...node, entryPoints: { performance: "src/performance/worker.ts" } },
  typeCheck: { ...node, entryPoints: { typeCheck: "src/typeCheck/process.ts" } },
  cli: {
    ...node,
    entryPoints: { cli: "src/cli/main.ts" },
    banner: { js: "#!/usr/bin/env node" },
    plugins: [protocolBeside, telemetryBeside, queueBeside],
  },
  sandbox: {
    ...node,
    entryPoints: { sandbox: "src/sandbox/thread.ts" },
    loader: { ".wasm": "file" },
    assetNames: "quickjs",
    // Of the ways to load the WebAssembly, the one with the bytes at hand is taken.
    alias: {
      "@jitl/quickjs-wasmfile-release-sync/emscripten-module":
        "./node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.cjs",
    },
  },
  telemetry: { ...node, entryPoints: { telemetry: "src/telemetry/otlpExporter.ts" } },
  queue: {
    ...node,
    entryPoints: { queue: "src/queue/connect.ts", queueThread: "src/queue/checkpoints/thread.ts" },
    external: ["pg-native"],
    plugins: [queueBeside],
  },
  mcp: { ...node, entryPoints: { mcp: "src/mcp/serve.ts" } },
  webview: {
    ...browser,
    entryPoints: {
      "webview/checkpoints": "src/webview/checkpoints.tsx",
      "webview/errorPatterns": "src/webview/errorPatterns.tsx",
      "webview/census": "src/webview/census.tsx",
      "webview/families": "src/webview/families.tsx",
      "webview/migrationReport": "src/webview/migrationReport.tsx",
      "webview/batch": "src/webview/batch.tsx",
      "webview/performance": "src/webview/performance/performance.tsx",
    },
  },
  libraryEsm: {
    ...library,
    platform: "node",
    format: "esm",
    entryPoints: libraryEntries,
    external: ["node:*", "piscina"],
  },
  libraryCjs: {
    ...library,
    platform: "node",
    format: "cjs",
    entryPoints: libraryEntries,
    external: ["node:*", "piscina"],
    define: { "import.meta.url": "undefined" },
  },
  coreEsm: { ...library, format: "esm", entryPoints: { "core/core": "src/runtime/core/index.ts" } },
  // The platform makes esbuild name the exports in a way that ES modules of Node can import.
  coreCjs: {
    ...library,
    platform: "node",
    format: "cjs",
    entryPoints: { "core/core": "src/runtime/core/index.ts" },
  },
};

const args = process.argv.slice(2);
const watch = args.includes("--watch");
const only = args.filter((arg) => !arg.startsWith("--"));
const unknown = only.filter((name) => !(name in bundles) && name !== "declarations");
if (unknown.length > 0) {
  console.error(
    `No bundle is called ${unknown.join(", ")}; there are ${Object.keys(bundles).join(", ")}, declarations.`,
  );
  process.exit(2);
}
const chosen = Object.entries(bundles).filter(([name]) => only.length === 0 || only.includes(name));

const optionsOf = ([name, options]: [string, BuildOptions]): BuildOptions => ({
  bundle: true,
  outdir: "dist",
  outExtension: { ".js": options.format === "esm" ? ".mjs" : options.format === "cjs" ? ".cjs" : ".js" },
  minify: true,
  keepNames: true,
  sourcemap: name.startsWith("library") || name.startsWith("core") ? false : "linked",
  sourcesContent: false,
  legalComments: "eof",
  logLevel: "warning",
  ...options,
});

if (only.length === 0) await rm("dist", { recursive: true, force: true });
if (watch) {
  for (const bundle of chosen) await (await context(optionsOf(bundle))).watch();
  console.log("Watching.");
} else {
  const results = await Promise.all(chosen.map((bundle) => build({ ...optionsOf(bundle), metafile: true })));
  if (only.length === 0) {
    const metafiles = results.map((result) => result.metafile);
    writeNotices(metafiles, ["node_modules/typescript", "node_modules/@vscode/codicons"]);
  }
  if (only.length === 0 || only.includes("declarations")) emitDeclarations();
  if (chosen.some(([name]) => name === "typeCheck")) copyCompilerLibraries("dist/typescript");
  if (chosen.some(([name]) => name === "webview"))
    for (const file of ["codicon.css", "codicon.ttf"])
      await copyFile(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`);
  if (chosen.some(([name]) => name === "cli")) await chmod("dist/cli.cjs", 0o755);
}
