import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { isWithin } from "./packageFacts.ts";
import { slashes } from "./runtimeImport.ts";

const names = /\.[cm]?[jt]sx?$|^(?:package|opsvi-agents|\.prettierrc)\.json$|^README\.md$/;

/**
 * Whether a migration may have written to a path that a file of `.proj-intel` names: code or the manifest, relative to the
 * workspace folder and inside it, through no link that leads out. What is read back may come from anybody.
 */
export async function isWritablePath(root: string, path: string): Promise<boolean> {
  const absolute = join(root, path);
  if (!isWithin(root, absolute) || slashes(relative(root, absolute)) !== path) return false;
  const [name = "", ...folders] = path.split("/").toReversed();
  if (!names.test(name) || folders.includes(".git") || folders.includes("node_modules")) return false;
  return !(await leadsOut(root, absolute));
}

/** Whether a symbolic link leads from an absolute path, there or not, out of a folder. A link to nothing counts as one. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  const real = await realpath(root);
  const target = await existing(path);
  return target === null || (target !== real && !isWithin(real, target));
}

/** The real path of a file, or of the nearest folder above it that is there; null where a link leads to nothing. */
async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    const isLink = await lstat(path).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    return isLink || path === dirname(path) ? null : existing(dirname(path));
  }
}
