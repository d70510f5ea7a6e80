const source = /\.(?:[cm]?[jt]sx?|vue|svelte)$/i;
const config = /(^|[\\/])((ts|js)config[^\\/]*\.json|package\.json|\.gitignore)$/i;
const ignored = /[\\/](node_modules|\.git|\.proj-intel)([\\/]|$)/;

export function isSource(path: string): boolean {
  return source.test(path) && !ignored.test(path);
}

/** It may tell of agents in other languages. */
const existing = /[\\/]\.proj-intel[\\/]agent_architecture\.jsonl$/;

/** Whether a file of this path can change the index. */
export function isRelevant(path: string): boolean {
  if (existing.test(path)) return true;
  return !ignored.test(path) && (source.test(path) || config.test(path));
}

/** Whether this path can be a folder with files that are relevant. */
export function mayBeFolder(path: string): boolean {
  return !ignored.test(path) && !source.test(path) && !config.test(path);
}
