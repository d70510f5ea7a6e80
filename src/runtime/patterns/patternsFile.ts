import { readText } from "../files/readText.ts";
import { ErrorPatterns, patternsVersion } from "./schema.ts";
import { withoutTwins } from "./unite.ts";

/** The greatest size that is read or written. */
export const mostMebibytes = 32;

/** `error_patterns.json` as it is on disk. */
export interface PatternsFile {
  /** Null where there is none. */
  text: string | null;
  content: ErrorPatterns;
}

/** Reads it; a file that is damaged, foreign or newer is left alone, and the string says why. */
export function readPatterns(path: string): PatternsFile | string {
  let text: string;
  try {
    text = readText(path, mostMebibytes);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "ENOENT") return { text: null, content: { version: patternsVersion, patterns: [] } };
    return code === undefined ? message : `it cannot be read (${message})`;
  }
  let json: unknown;
  try {
    json = parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return "it is not complete JSON";
  }
  const { version } = Object(json) as { version?: unknown };
  if (typeof version === "string" && Number.parseInt(version, 10) > Number.parseInt(patternsVersion, 10)) {
    return `it has version ${version.slice(0, 50)}, newer than this version of opsvi-agents reads; update it`;
  }
  const parsed = ErrorPatterns.safeParse(json);
  if (parsed.success) {
    return { text, content: { ...parsed.data, patterns: withoutTwins(parsed.data.patterns) } };
  }
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  return `it does not hold error patterns${where === "" ? "" : ` (see ${where})`}`;
}

/** Where git kept what two branches appended (`merge=union`), there is no comma between the lines of the two. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const mended = text
      .replace(/\}(?=\s*\n {4}\{"error_signature":)/g, "},")
      .replace(/\},(?=\s*\n {2}\]\n\}\n?$)/, "}");
    return JSON.parse(mended);
  }
}
