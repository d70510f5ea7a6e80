import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const tarball = resolve(`dist/opsvi-agents-${version}.tgz`);
const node = (args: string[], cwd: string) => execFileSync(process.execPath, args, { cwd, encoding: "utf8" });

describe("npm run package", () => {
  let project = "";

  beforeAll(() => {
    node(["scripts/package.ts"], ".");
    project = mkdtempSync(join(tmpdir(), "opsvi-package-"));
    writeFileSync(join(project, "package.json"), "{}");
    const shell = process.platform === "win32";
    execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], {
      cwd: project,
      shell,
    });
  }, 120_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("puts into the VSIX what runs, and nothing else", async () => {
    const files = await listFiles({ packageManager: PackageManager.None });
    const unexpected = files.filter(
      (file) => !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|media\/[\w-]+\.svg|dist\/.+)$/.test(file),
    );
    expect(unexpected).toEqual([]);
    expect(files.filter((file) => /\.map$|dist\/(npm|library|cli)/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/extension.cjs",
        "dist/indexer.cjs",
        "dist/agentHost.cjs",
        "dist/agentThread.cjs",
        "dist/babel.cjs",
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
    expect(node([`--input-type=${type}`, "-e", program], project)).toBe('["success",{"echo":"hello"}]\n');
  });

  it("makes a command line that indexes, migrates and runs", () => {
    writeFileSync(
      join(project, "echoAgent.js"),
      "class EchoAgent {\n  execute(task) {\n    return { echo: task.text };\n  }\n}\nmodule.exports = { EchoAgent };\n",
    );
    const cli = join(project, "node_modules/opsvi-agents/cli.cjs");
    expect(node([cli, "--version"], project).trim()).toBe(version);
    expect(node([cli, "index", "."], project)).toContain("EchoAgent");
    node([cli, "migrate", "echoAgent.js#EchoAgent"], project);
    const output = node(
      [cli, "run", "echoAgent.js#EchoAgentAdapter", "--task", '{"text":"hello"}', "--json"],
      project,
    );
    const last = JSON.parse(output.trim().split("\n").at(-1) ?? "") as unknown;
    expect(last).toMatchObject({ type: "finished", status: "success", output: { echo: "hello" } });
  });
});
