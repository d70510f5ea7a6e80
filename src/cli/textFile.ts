import { readFile } from "node:fs/promises";
import { UserError } from "../model/userError.ts";
import { existingFile } from "./workspace.ts";

/** The text of a file that the user named. Rejects with a UserError where it cannot be read. */
export async function readTextFile(file: string): Promise<string> {
  return await readFile(existingFile(file), "utf8").catch((error: unknown) => {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}
