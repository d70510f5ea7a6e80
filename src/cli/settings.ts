import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser/lib/esm/main.js";
import type { Output } from "./output.ts";

/** What `.vscode/settings.json` of a folder says, by name. */
export function folderSettings(root: string, output: Output): (id: string) => unknown {
  const path = join(root, ".vscode", "settings.json");
  if (!existsSync(path)) return () => undefined;
  const errors: ParseError[] = [];
  const text = readFileSync(path, "utf8");
  const found: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split("\n").length;
    output.note(
      `.vscode/settings.json has an error in line ${line} (${printParseErrorCode(error.error)}): it is read as far as it can be.`,
    );
  }
  const values = new Map<string, unknown>(
    typeof found === "object" && found !== null ? Object.entries(found) : [],
  );
  return (id) => values.get(id);
}
