import { isDeepStrictEqual } from "node:util";
import { counted } from "../model/counted.ts";
import { UserError } from "../model/userError.ts";
import { toText } from "../runtime/patterns/layout.ts";
import { readPatterns } from "../runtime/patterns/patternsFile.ts";
import { patternsVersion } from "../runtime/patterns/schema.ts";
import { mostSolutions } from "../runtime/patterns/solutions.ts";
import type { PatternsStore } from "../runtime/patterns/store.ts";
import { uniteAll } from "../runtime/patterns/unite.ts";
import type { ErrorPattern } from "../runtime/index.ts";

/** A file to share: the ids of runs, which are on this machine only, are left out. Equal patterns give equal text. */
export function sharedText(patterns: readonly ErrorPattern[]): string {
  const shared = patterns.map((pattern) => ("runs" in pattern ? { ...pattern, runs: [] } : pattern));
  const newest = patterns.reduce((last, { last_seen }) => (last_seen > last ? last_seen : last), "");
  const now = new Date(Date.parse(newest) || 0);
  return toText({ version: patternsVersion, patterns: [] }, shared, { now, dropped: 0 });
}

/** What a file brought. */
export interface Imported {
  added: number;
  updated: number;
  unchanged: number;
  /** Solutions of either side for which a pattern had no room; no person had added or confirmed them. */
  dropped: number;
}

/**
 * Takes in what a file holds; of what both know the greater counts and the later decisions stay, so that a second time
 * changes nothing. Throws a UserError where the file cannot be read.
 */
export function importFile(store: PatternsStore, path: string): Imported {
  const file = readPatterns(path);
  if (typeof file === "string") throw new UserError(`${path} cannot be imported: ${file}.`);
  if (file.text === null) throw new UserError(`There is no file ${path}.`);
  const imported: Imported = { added: 0, updated: 0, unchanged: 0, dropped: 0 };
  store.edit((patterns) => {
    const all = uniteAll(patterns, file.content.patterns);
    const [before, after] = [patterns, all].map(
      (list) => new Map(list.map((pattern) => [pattern.error_signature, pattern])),
    ) as [Map<string, ErrorPattern>, Map<string, ErrorPattern>];
    for (const pattern of file.content.patterns) {
      const known = before.get(pattern.error_signature);
      const now = after.get(pattern.error_signature);
      if (known === undefined) imported.added += 1;
      else if (isDeepStrictEqual(json(known), json(now))) imported.unchanged += 1;
      else imported.updated += 1;
      if (known !== undefined && now !== undefined) imported.dropped += droppedOf([known, pattern], now);
    }
    return all;
  });
  return imported;
}

function droppedOf(sources: readonly ErrorPattern[], { solutions }: ErrorPattern): number {
  const known = new Set(sources.flatMap((source) => source.solutions.map(({ fix }) => fix)));
  for (const { fix } of solutions) known.delete(fix);
  return known.size;
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** In words. */
export function importedText({ added, updated, unchanged, dropped }: Imported): string {
  const counts = `${added} new, ${updated} updated, ${unchanged} unchanged.`;
  if (dropped === 0) return counts;
  return `${counts} ${counted(dropped, "solution")} that only programs told of had no room: a pattern keeps ${mostSolutions}.`;
}
