import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join, sep } from "node:path";
import { npm } from "../test/vscode/command.ts";
import { locked } from "../test/vscode/locked.ts";
import { CACHE } from "../test/vscode/paths.ts";

const VERSION = "20.19.5";

/** The machine's own Node where that is a 20.19 or later 20; else one that npm installs beside the tests. */
export async function node20(): Promise<string> {
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, name);
    if (folder.split(sep).includes("node_modules") || !existsSync(file)) continue;
    if (isNode20(file)) return file;
    break;
  }
  const folder = join(CACHE, "node20");
  const installed = join(folder, "node_modules/node/bin", name);
  await locked(CACHE, async () => {
    if (existsSync(installed) && isNode20(installed)) return;
    await mkdir(folder, { recursive: true });
    const manifest = { private: true, dependencies: { node: VERSION }, allowScripts: { node: true } };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    await npm(["install"], folder);
  });
  if (!isNode20(installed)) throw new Error(`npm installed no Node 20 into ${folder}.`);
  return installed;
}

function isNode20(file: string): boolean {
  try {
    const [major, minor] = execFileSync(file, ["-p", "process.versions.node"], { encoding: "utf8" }).split(
      ".",
    );
    return major === "20" && Number(minor) >= 19;
  } catch {
    return false;
  }
}
