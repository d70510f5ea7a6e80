import type * as z from "zod";
import { UserError } from "./userError.ts";

/**
 * Reads the text of a file of JSON that people write. Throws a UserError that names what is wrong.
 * @param name of the file, for the sentence
 * @param write what to write, as the end of the sentence
 */
export function parseProjectFile<T>(name: string, text: string, schema: z.ZodType<T>, write: string): T {
  const parsed = schema.safeParse(json(name, text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
  throw new UserError(`${name} does not fit${place}: write ${write}.`);
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
