import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { storeError } from "../storeError.ts";

const ignored = ["checkpoints/", "runs/", "memory/", "error_patterns.journal/", "*.lock", ""].join("\n");

/** Makes the folder and, in a `.proj-intel` folder, the `.gitignore` that keeps what is personal out of git. */
export function prepareProjIntel(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (basename(folder) !== ".proj-intel") return;
    writeFileSync(join(folder, ".gitignore"), ignored, { flag: "wx" });
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST" && basename(folder) === ".proj-intel") return;
    throw storeError(`The folder ${folder} cannot be prepared`, error);
  }
}
