import { relative, sep } from "node:path";

/** The path of a file as records have it: relative to the workspace folder, with forward slashes. */
export const folderPath = (folder: string, file: string): string =>
  relative(folder, file).split(sep).join("/");
