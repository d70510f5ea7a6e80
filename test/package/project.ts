import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const tarball = resolve(`dist/opsvi-agents-${version}.tgz`);

/** An empty project of a user, with the packed library installed. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "opsvi-package-"));

  constructor(manifest: Record<string, unknown>, ...packages: string[]) {
    writeFileSync(join(this.folder, "package.json"), JSON.stringify(manifest));
    const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    execFileSync("npm", [...args, tarball, ...packages], {
      cwd: this.folder,
      shell: process.platform === "win32",
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  node(args: string[], node = process.execPath): string {
    return execFileSync(node, args, { cwd: this.folder, encoding: "utf8" });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
