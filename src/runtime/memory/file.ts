import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { readText } from "../files/readText.ts";
import { StoreError, storeError } from "../storeError.ts";
import { slug } from "../files/slug.ts";
import { makeEntry } from "./entry.ts";
import { defaultNamespace } from "./names.ts";
import { Namespace, type Place } from "./namespace.ts";
import { MemoryFile, memoryVersion } from "./schema.ts";

/** Longer files are neither read nor written. */
export const mostMebibytes = 64;
/** Holds the revision of every file that this library wrote. */
const headBytes = 80;

/**
 * Tells whether a file is still the one that was read; null where there is none. Every write has a new revision in its
 * head: size, time and inode of two quick writes may be the same.
 */
export function stampOf(path: string): string | null {
  try {
    const stat = lstatSync(path, { bigint: true });
    const { ino, size, mtimeNs } = stat;
    // Reading it will say why it is not read.
    if (!stat.isFile()) return `${ino}`;
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(headBytes);
      const bytes = readSync(file, head, 0, headBytes, 0);
      return `${ino} ${size} ${mtimeNs} ${head.toString("latin1", 0, bytes)}`;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw storeError(`The memory ${path} cannot be read`, error);
  }
}

const damaged = (path: string, why: string, cause?: unknown) =>
  new StoreError(`The memory ${path} is left alone: ${why}. Mend the file or move it away.`, { cause });

/** Reads a namespace; throws a {@link StoreError} where the file is damaged, foreign or newer. It is left alone then. */
export function readNamespace(path: string): Namespace {
  let text: string;
  try {
    text = readText(path, mostMebibytes);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw damaged(path, message, error);
    throw storeError(`The memory ${path} cannot be read`, error);
  }
  return parseNamespace(text, path);
}

/** Reads the text of a file; throws as {@link readNamespace} does. `path` is for the message. */
export function parseNamespace(text: string, path: string): Namespace {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw damaged(path, "it is not complete JSON", error);
  }
  const { schemaVersion } = Object(json) as { schemaVersion?: unknown };
  if (typeof schemaVersion === "number" && schemaVersion > memoryVersion) {
    throw new StoreError(
      `The memory ${path} has schemaVersion ${schemaVersion}, newer than this version of opsvi-agents reads: update it. ` +
        "The file is left alone.",
    );
  }
  const parsed = MemoryFile.safeParse(json);
  if (!parsed.success) {
    throw damaged(
      path,
      `it does not hold memory (see ${parsed.error.issues[0]?.path.join(".") || "its beginning"})`,
    );
  }
  const { agent, namespace, entries, grants } = parsed.data;
  try {
    const made = entries.map(({ value, ...info }) => makeEntry(info, JSON.stringify(value)));
    return new Namespace({ owner: agent, namespace }, made, grants);
  } catch (error) {
    throw damaged(path, "its values are nested too deeply", error);
  }
}

/** No slug has it. */
const separator = "+";

/** What the file of a namespace is called. */
export function memoryFileName({ owner, namespace }: Place): string {
  const name = namespace === defaultNamespace ? "" : separator + slug(namespace);
  return `${slug(owner)}${name}.json`;
}

/** The text of a file, one entry a line. */
export function textOf(namespace: Namespace): string {
  const { owner, namespace: name } = namespace.place;
  const head = JSON.stringify({
    schemaVersion: memoryVersion,
    revision: randomUUID(),
    agent: owner,
    namespace: name,
    grants: namespace.grants,
  });
  const lines = Array.from(namespace.all, ({ line }) => line);
  return `${head.slice(0, -1)},"entries":[\n${lines.join(",\n")}\n]}\n`;
}
