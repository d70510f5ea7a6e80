import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vscodeExecutable } from "../vscode/executable.ts";
import { installServer } from "../vscode/installServer.ts";
import { ROOT } from "../vscode/paths.ts";
import { Workspace } from "./workspace.ts";

const manifest = {
  name: "probe",
  publisher: "opsvi",
  version: "0.0.1",
  engines: { vscode: "^1.105.0" },
  main: "./main.cjs",
};
const probe = 'require("vscode").extensions.getExtension("opsvi.probe").activate()';
let workspace: Workspace;

beforeAll(async () => {
  await installServer();
  workspace = await Workspace.ofFiles({
    "package.json": JSON.stringify(manifest),
    "main.cjs": "exports.activate = () => {};",
    "passes.cjs": `exports.run = () => ${probe};`,
    "throws.cjs": `exports.run = async () => { await ${probe}; throw new Error("it failed"); };`,
  });
}, 900_000);
afterAll(() => workspace.dispose());

interface Ended {
  code: number | null;
  output: string;
}

/** Starts the launcher as `runTests` would. */
function launch(testFile: string): Promise<Ended> {
  const child = spawn(join(ROOT, "test/vscode/launcher"), [
    "--no-sandbox",
    "--disable-workspace-trust",
    `--extensionTestsPath=${workspace.path(testFile)}`,
    `--extensionDevelopmentPath=${workspace.folder}`,
    workspace.folder,
  ]);
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

describe("the launcher", () => {
  it("ends with 0 where the test file passes in the extension host, with 1 and the reason where it throws", async () => {
    expect(await launch("passes.cjs")).toMatchObject({ code: 0 });
    const failed = await launch("throws.cjs");
    expect(failed.code).toBe(1);
    expect(failed.output).toContain("it failed");
  });

  it("stands in where desktop VS Code cannot be had, and gives way to what OPSVI_VSCODE names", async () => {
    const before = process.env["OPSVI_VSCODE"];
    try {
      process.env["OPSVI_VSCODE"] = "server";
      expect(await vscodeExecutable()).toBe(join(ROOT, "test/vscode/launcher"));
      process.env["OPSVI_VSCODE"] = process.execPath;
      expect(await vscodeExecutable()).toBe(process.execPath);
      process.env["OPSVI_VSCODE"] = "/nowhere/code";
      await expect(vscodeExecutable()).rejects.toThrow(
        "OPSVI_VSCODE names /nowhere/code, where there is no file.",
      );
    } finally {
      if (before === undefined) delete process.env["OPSVI_VSCODE"];
      else process.env["OPSVI_VSCODE"] = before;
    }
  });
});
