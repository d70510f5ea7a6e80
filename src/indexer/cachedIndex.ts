import * as z from "zod";
import type { IndexSnapshot } from "../model/indexerProtocol.ts";
import type { Parsed } from "./parsing.ts";
import type { FileFacts } from "./scan.ts";
import type { Sources } from "./sources.ts";
import { toStampList, type Stamped } from "./stampList.ts";

const StampList = z.object({
  paths: z.string(),
  stamps: z.custom<Float64Array>((value) => value instanceof Float64Array),
});

const text = z.string();
const someText = z.string().nullable();

/** What tells whether anything has changed, and the answer if not. The lists with thousands of entries are checked by their sizes. */
export const CachedHead = z.object({
  root: text,
  /** As JSON. */
  settings: text,
  /** What decides which files there are: ignore rules and git's index; absolute. */
  rules: StampList,
  folders: StampList,
  /** What decides how modules resolve; absolute. */
  inputs: StampList,
  project: z.array(text),
  folderNotes: z.array(z.tuple([text, text])),
  sources: StampList,
  snapshot: z.custom<IndexSnapshot>((value) => isSnapshot(value)).nullable(),
});
export type CachedHead = z.infer<typeof CachedHead>;

/** In the order of the head's sources. */
export const CachedBody = z.object({
  hashes: z.array(text),
  facts: z.array(z.custom<FileFacts>((value) => isFacts(value)).nullable()),
  notes: z.array(someText),
  parsed: z.map(
    text,
    z.custom<Parsed>((value) => isParsed(value)),
  ),
});
export type CachedBody = z.infer<typeof CachedBody>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isSnapshot = (value: unknown): boolean =>
  isObject(value) &&
  Array.isArray(value["agents"]) &&
  Array.isArray(value["rejected"]) &&
  Array.isArray(value["notes"]);

const isFacts = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value["classes"]) && Array.isArray(value["exports"]);

const isParsed = (value: unknown): boolean =>
  isObject(value) && "note" in value && (value["model"] === null || isObject(value["model"]));

/** Everything that is known, as the cache keeps it. */
export function toCached({
  sources,
  ...head
}: Omit<CachedHead, "sources"> & { sources: Sources }): [CachedHead, CachedBody] {
  const stamped: Stamped[] = [];
  const body: CachedBody = { hashes: [], facts: [], notes: [], parsed: new Map() };
  for (const { path, origin, facts, note, parsed } of sources.entries()) {
    stamped.push({ path, stamp: origin?.stamp ?? null, takenAt: origin?.readAt ?? 0 });
    body.hashes.push(origin?.hash ?? "");
    body.facts.push(facts);
    body.notes.push(note);
    if (parsed !== null && parsed.hash === origin?.hash) body.parsed.set(path, parsed);
  }
  return [{ ...head, sources: toStampList(stamped) }, body];
}
