import { join } from "node:path";
import type * as z from "zod";
import type { AdapterMapping } from "../core/index.ts";
import { readText } from "../files/readText.ts";
import { StoreError, storeError } from "../storeError.ts";
import { AdaptersFile, mappingVersion, VersionedFile } from "./schema.ts";

const fileName = "adapters.json";
const mostMebibytes = 4;

/**
 * Reads how the legacy agents of a project are called: the file `adapters.json` in a `.proj-intel` folder,
 * `{"version": 1, "classes": {"SomeAgent": {"method": "work", …}}}`, to be given to adapters as the option `mapping`.
 * A folder without that file has an empty mapping. Throws a {@link StoreError} that names the class and the field of
 * each mistake (at most five), or says that the file is one of a newer version.
 * @param folder the `.proj-intel` folder
 */
export function readAdapterMapping(folder: string): AdapterMapping {
  const file = join(folder, fileName);
  const json = parse(file, read(file));
  if (json === undefined) return {};
  const versioned = VersionedFile.safeParse(json);
  if (!versioned.success) throw broken(file, versioned.error.issues);
  const { version } = versioned.data;
  if (version > mappingVersion) {
    throw new StoreError(
      `${file} has version ${version}, and this version of opsvi-agents reads version ${mappingVersion}: update opsvi-agents.`,
    );
  }
  const parsed = AdaptersFile.safeParse(json);
  if (!parsed.success) throw broken(file, parsed.error.issues);
  return parsed.data.classes;
}

function read(file: string): string | null {
  try {
    return readText(file, mostMebibytes);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw storeError(`${file} cannot be read`, error);
  }
}

function parse(file: string, text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    throw new StoreError(`${file} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

type Issue = z.core.$ZodIssue;

function broken(file: string, issues: readonly Issue[]): StoreError {
  const sentences = issues.slice(0, 5).map((issue) => capitalised(`${place(issue)}${issue.message}.`));
  const more = issues.length > 5 ? ` And ${issues.length - 5} more mistakes.` : "";
  return new StoreError(`${file} is not a mapping of adapters. ${sentences.join(" ")}${more}`);
}

/** `class "Mailer", field "arguments", item 2: ` */
function place({ path }: Issue): string {
  const [top, name, field, ...rest] = path.map(String);
  const parts: string[] = [];
  if (top !== "classes" || name === undefined) parts.push(...(top === undefined ? [] : [`field "${top}"`]));
  else parts.push(`class "${name}"`);
  if (field !== undefined) parts.push(`field "${field}"`);
  for (const key of rest) parts.push(/^\d+$/.test(key) ? `item ${Number(key) + 1}` : `field "${key}"`);
  return parts.length === 0 ? "" : `${parts.join(", ")}: `;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
