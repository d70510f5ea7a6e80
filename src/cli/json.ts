import { UserError } from "../model/userError.ts";

/** Parses the JSON of an option. Throws a UserError with the place where it breaks. */
export function parseJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${option} is not JSON (${reason}): quote it for your shell, for example ${option} '{"topic":"tea"}'.`,
    );
  }
}

export function parseArguments(text: string): unknown[] {
  const value = parseJson("--args", text);
  if (!Array.isArray(value)) {
    throw new UserError(
      `--args takes the constructor's arguments as a JSON array, for example --args '["Ada", {"model":"small"}]'.`,
    );
  }
  return value;
}
