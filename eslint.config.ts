import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const zones = [
  "runtime",
  "model",
  "indexer",
  "migration",
  "census",
  "agentHost",
  "typeCheck",
  "runs",
  "sandbox",
  "checkpoints",
  "patterns",
  "performance",
  "telemetry",
  "mcp",
  "queue",
  "cli",
  "vscode",
  "webview",
] as const;
type Zone = (typeof zones)[number];

/** What the command line and VS Code both stand on. */
const shared = [
  ...["model", "runtime", "runs", "queue", "checkpoints", "patterns", "performance", "migration", "census"],
  ...["indexer/client.ts", "typeCheck/client.ts"],
];

/** The arrows of ARCHITECTURE.md: what each zone may import besides itself. */
const mayImport: Record<Zone, readonly string[]> = {
  runtime: [],
  model: ["runtime"],
  indexer: ["model", "runtime", "migration"],
  migration: ["model"],
  census: ["model", "runtime"],
  agentHost: ["model", "runtime"],
  typeCheck: ["model"],
  runs: ["model", "runtime", "patterns"],
  sandbox: ["model"],
  checkpoints: ["model", "runtime"],
  patterns: ["model", "runtime"],
  performance: ["model", "runtime", "runs"],
  telemetry: ["model", "runtime"],
  mcp: ["model", "runtime", "runs"],
  queue: ["model", "runtime", "runs"],
  cli: [...shared, "mcp", "telemetry"],
  vscode: [...shared, "telemetry"],
  webview: ["model", "census"],
};

const restrictedPaths = [
  ...zones.map((zone) => ({
    target: `./src/${zone}`,
    from: "./src",
    except: [zone, ...mayImport[zone]].map((allowed) => `./${allowed}`),
    message: `src/${zone} imports only ${[zone, ...mayImport[zone]].join(", ")} (ARCHITECTURE.md).`,
  })),
  {
    target: "./src/runtime/core",
    from: "./src/runtime",
    except: ["./core"],
    message: "The core is vendored into other projects: it imports nothing outside src/runtime/core.",
  },
];

const onlyIn = (folder: string, module: string) => ({
  name: module,
  message: `Only ${folder} imports ${module}.`,
});

const queueModules = ["bullmq", "ioredis", "pg"].map((module) => onlyIn("src/queue", module));

const wholeZod = {
  selector: "ImportDeclaration[source.value='zod'] > :not(ImportNamespaceSpecifier, Literal)",
  message: 'Write import * as z from "zod": only what is used is bundled then.',
};

export default defineConfig(
  {
    ignores: ["dist", "node_modules", "examples", "test-output", ".vscode-test", "test/fixtures", "coverage"],
  },
  tseslint.configs.strictTypeChecked,
  {
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ project: "tsconfig.json" })] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: restrictedPaths }],
      "import-x/no-cycle": "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            onlyIn("src/vscode", "vscode"),
            onlyIn("src/indexer", "ts-morph"),
            onlyIn("src/agentHost", "jiti"),
            ...queueModules,
          ],
        },
      ],
      "no-restricted-syntax": ["error", wholeZod],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/extension.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "src/vscode/tsconfig.json" } },
  },
  {
    files: ["src/vscode/**", "src/extension.ts", "test/extension/**"],
    rules: { "no-restricted-imports": ["error", { paths: queueModules }] },
  },
  {
    files: ["src/queue/**", "test/queue/**", "test/bench/queue.bench.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            onlyIn("src/vscode", "vscode"),
            onlyIn("src/indexer", "ts-morph"),
            onlyIn("src/agentHost", "jiti"),
          ],
        },
      ],
    },
  },
  {
    files: ["src/indexer/**", "src/agentHost/**", "test/bench/indexYardstickThread.ts"],
    rules: {
      "no-restricted-imports": ["error", { paths: [onlyIn("src/vscode", "vscode"), ...queueModules] }],
    },
  },
  {
    files: ["src/webview/**", "src/runtime/core/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: queueModules, patterns: [{ group: ["node:*"], message: "No Node here." }] },
      ],
    },
  },
  {
    files: ["test/**", "scripts/**"],
    rules: { "max-lines": "off", "@typescript-eslint/no-floating-promises": "error" },
  },
);
