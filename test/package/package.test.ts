import { writeFileSync } from "node:fs";
import { listFiles, PackageManager } from "@vscode/vsce";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Project, version } from "./project.ts";

describe("npm run package", () => {
  let project: Project;

  beforeAll(() => {
    project = new Project({});
  }, 120_000);
  afterAll(() => project.dispose());

  it("puts into the VSIX what runs, and nothing else", async () => {
    const files = await listFiles({ packageManager: PackageManager.None });
    const unexpected = files.filter(
      (file) =>
        !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|media\/[\w-]+\.svg|schemas\/\w+\.schema\.json|dist\/.+)$/.test(
          file,
        ),
    );
    expect(unexpected).toEqual([]);
    expect(files.filter((file) => /\.map$|dist\/(npm|library)/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/extension.cjs",
        "dist/indexer.cjs",
        "dist/compiler.cjs",
        "dist/agentHost.cjs",
        "dist/agentThread.cjs",
        "dist/threadStart.cjs",
        "dist/babel.cjs",
        "dist/checkpoints.cjs",
        "dist/patterns.cjs",
        "dist/quickjs.wasm",
        "dist/sandbox.cjs",
        "dist/typeCheck.cjs",
        "dist/cli.cjs",
        "dist/mcp.cjs",
        "dist/queue.cjs",
        "dist/typescript/lib.es5.d.ts",
        "dist/core/core.mjs",
        "dist/core/core.d.cts",
        "dist/webview/checkpoints.js",
        "dist/THIRD_PARTY_NOTICES.txt",
      ]),
    );
  });

  it.each([
    ["an ES module", "import", "opsvi-agents"],
    ["CommonJS", "require", "opsvi-agents"],
    ["an ES module, the core alone", "import", "opsvi-agents/core"],
    ["CommonJS, the core alone", "require", "opsvi-agents/core"],
  ])("makes a library that is used from %s", (_, how, name) => {
    const imported =
      how === "import"
        ? `import { UniversalAgentAdapter } from "${name}";`
        : `const { UniversalAgentAdapter } = require("${name}");`;
    const type = how === "import" ? "module" : "commonjs";
    const program = `${imported}
      class EchoAgent { execute(task) { return { echo: task.text }; } }
      const result = new UniversalAgentAdapter(new EchoAgent(), { agentType: "echo" }).execute({ text: "hello" });
      console.log(JSON.stringify([result.status, result.output]));`;
    expect(project.node([`--input-type=${type}`, "-e", program])).toBe('["success",{"echo":"hello"}]\n');
  });

  it("makes a command line that indexes, migrates and runs", () => {
    writeFileSync(
      project.path("echoAgent.js"),
      "class EchoAgent {\n  execute(task) {\n    return { echo: task.text };\n  }\n}\nmodule.exports = { EchoAgent };\n",
    );
    const cli = project.path("node_modules/opsvi-agents/cli.cjs");
    expect(project.node([cli, "--version"]).trim()).toBe(version);
    expect(project.node([cli, "index", "."])).toContain("EchoAgent");
    project.node([cli, "migrate", "echoAgent.js#EchoAgent"]);
    const output = project.node([
      cli,
      "run",
      "echoAgent.js#EchoAgentAdapter",
      "--task",
      '{"text":"hello"}',
      "--json",
    ]);
    const last = JSON.parse(output.trim().split("\n").at(-1) ?? "") as unknown;
    expect(last).toMatchObject({ type: "finished", status: "success", output: { echo: "hello" } });
  });
});
