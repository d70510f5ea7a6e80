import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyExamples } from "../vscode/examples.ts";
import { ROOT } from "../vscode/paths.ts";

/** A folder of its own for one test file; paths are relative to it. */
export class Workspace {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async ofFiles(files: Record<string, string>): Promise<Workspace> {
    const workspace = new Workspace(join(await realpath(await mkdtemp(join(tmpdir(), "opsvi-ui-"))), "shop"));
    await mkdir(workspace.folder);
    for (const [path, text] of Object.entries(files)) await workspace.write(path, text);
    return workspace;
  }

  static async ofExamples(): Promise<Workspace> {
    const workspace = await Workspace.ofFiles({});
    await copyExamples(workspace.folder);
    const types = join(dirname(workspace.folder), "node_modules/@types");
    await mkdir(types, { recursive: true });
    await symlink(join(ROOT, "node_modules/@types/node"), join(types, "node"), "junction");
    return workspace;
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), "utf8");
  }

  /** Every file by its path, but those of VS Code, git and installed packages, and what we keep of migrations. */
  async texts(): Promise<Record<string, string>> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(this.folder.length + 1))
      .filter((path) => !/^(?:\.vscode|\.proj-intel|\.git|node_modules)\//.test(path));
    const texts = paths.map(async (path) => [path, await this.read(path)] as const);
    return Object.fromEntries(await Promise.all(texts));
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), text);
  }

  async remove(path: string): Promise<void> {
    await rm(this.path(path), { recursive: true });
  }

  async dispose(): Promise<void> {
    await rm(dirname(this.folder), { recursive: true, force: true, maxRetries: 5 });
  }
}
