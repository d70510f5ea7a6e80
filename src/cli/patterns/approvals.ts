import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { writeAtomic } from "../../runtime/files/atomicFile.ts";
import { configFolder } from "../configFolder.ts";

const Approvals = z.object({ hashes: z.array(z.string()) });
const most = 1_000;

const file = () => join(configFolder(), "approved-fixes.json");

/** Whether the user of this machine approved the text that has this hash. No workspace has a say in it. */
export const isApproved = (hash: string): boolean => approvals().includes(hash);

export function approve(hash: string): void {
  const hashes = [...approvals().filter((each) => each !== hash), hash].slice(-most);
  mkdirSync(configFolder(), { recursive: true, mode: 0o700 });
  writeAtomic(file(), `${JSON.stringify({ hashes }, null, 2)}\n`);
}

/** None where the file is not there or no such file. */
function approvals(): string[] {
  try {
    return Approvals.parse(JSON.parse(readFileSync(file(), "utf8"))).hashes;
  } catch {
    return [];
  }
}
