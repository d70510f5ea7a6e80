import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { isWithin } from "./packageFacts.ts";
import { slashes } from "./runtimeImport.ts";

const names = /\.[cm]?[jt]sx?$|^(?:package|opsvi-agents|\.prettierrc)\.json$|^README\.md$/i;
/** Many file systems do not tell `.GIT` from `.git`. */
const foreign = /(?:^|\/)(?:\.git|node_modules)\//i;

/**
 * Whether a migration may have written to a path that a file of `.proj-intel` names: code or the manifest, relative to the
 * workspace folder and inside it, through no link that leads out. What is read back may come from anybody.
 */
export async function isWritablePath(root: string, path: string): Promise<boolean> {
  const absolute = join(root, path);
  if (!isWithin(root, absolute) || slashes(relative(root, absolute)) !== path) return false;
  if (!names.test(basename(path)) || foreign.test(path)) return false;
  const target = await realPlace(root, absolute);
  return target !== null && !foreign.test(target);
}

/** Whether a symbolic link leads from an absolute path, there or not, out of a folder. A link to nothing counts as one. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  return (await realPlace(root, path)) === null;
}

/** Where an absolute path leads to within a folder, relative to it, symbolic links followed; null where they lead out of it or to nothing. */
export async function realPlace(root: string, path: string): Promise<string | null> {
  const real = await realpath(root);
  const target = await existing(path);
  if (target === null || (target !== real && !isWithin(real, target))) return null;
  return slashes(relative(real, target));
}

/** The real path of a file; where it is not there, in the real one of the nearest folder that is; null where a link leads to nothing. */
async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    const isLink = await lstat(path).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (isLink || path === dirname(path)) return null;
    const folder = await existing(dirname(path));
    return folder === null ? null : join(folder, basename(path));
  }
}
