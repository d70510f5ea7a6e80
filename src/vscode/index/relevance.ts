const source = /\.[cm]?[jt]sx?$/i;
const config = /(^|[\\/])((ts|js)config[^\\/]*\.json|package\.json|\.gitignore)$/i;
const ignored = /[\\/](node_modules|\.git|\.proj-intel)([\\/]|$)/;

export function isSource(path: string): boolean {
  return source.test(path) && !ignored.test(path);
}

/** Whether a change of this path can change the index. A name without an extension may be a folder that came or went. */
export function isRelevant(path: string): boolean {
  if (ignored.test(path)) return false;
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return source.test(name) || config.test(path) || !name.includes(".");
}
