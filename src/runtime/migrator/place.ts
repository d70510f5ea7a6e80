import { realpathSync, statSync } from "node:fs";
import { isAbsolute, resolve, win32 } from "node:path";
import { isInside } from "../files/isInside.ts";
import { storeError } from "../storeError.ts";

/** Where the file of a class is; else whether it is missing, or why it is refused. */
export type Place = { readonly path: string } | { readonly missing: string } | { readonly refused: string };

/** The folder that no class may lie outside of. Throws a StoreError where it is missing. */
export function realRoot(root: string): string {
  try {
    return realpathSync(resolve(root));
  } catch (error) {
    throw storeError(`The folder ${root} cannot be read`, error);
  }
}

/** The file that an index names, which need not be our index: it must lie inside the folder, also where links lead. */
export function placeOf(root: string, file: string): Place {
  const leaves = isAbsolute(file) || win32.isAbsolute(file) || file.split(/[\\/]/).includes("..");
  if (leaves || file.includes("\0")) {
    return {
      refused: `Its path ${JSON.stringify(file)} leads out of the folder: only classes inside are loaded.`,
    };
  }
  let path: string;
  try {
    path = realpathSync(resolve(root, file));
  } catch {
    return { missing: `There is no file ${file}.` };
  }
  if (!isInside(root, path)) {
    return { refused: `${file} is a link that leads out of the folder: only classes inside are loaded.` };
  }
  return statSync(path).isFile() ? { path } : { missing: `${file} is no file.` };
}
