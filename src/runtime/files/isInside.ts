import { isAbsolute, relative, sep } from "node:path";

/** Whether a file lies in a folder, as its path says; links are not followed. */
export function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
