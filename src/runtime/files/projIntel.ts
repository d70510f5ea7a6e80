import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { StoreError, storeError } from "../storeError.ts";

const ignored = [
  "checkpoints/",
  "runs/",
  "memory/",
  "error_patterns.journal/",
  "migrations.pending.json",
  "*.lock",
  "",
].join("\n");

/** Makes the folder and, in a `.proj-intel` folder, the `.gitignore` that keeps what is personal out of git. */
export function prepareProjIntel(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (basename(folder) !== ".proj-intel") return;
    refuseLink(folder);
    writeFileSync(join(folder, ".gitignore"), ignored, { flag: "wx" });
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST" && basename(folder) === ".proj-intel") return;
    if (error instanceof StoreError) throw error;
    throw storeError(`The folder ${folder} cannot be prepared`, error);
  }
}

/** A repository must not lead what is written for it to elsewhere. */
export function refuseLink(folder: string): void {
  if (lstatSync(folder).isDirectory()) return;
  throw new StoreError(`${folder} is a link, not a folder; remove it so that what is stored stays inside.`);
}
