import { relative } from "node:path";
import type { FileChange } from "../model/migrationPlan.ts";
import type { TypeCheckReport, TypeProblem } from "../model/typeCheck.ts";
import { slashes } from "./runtimeImport.ts";
import { ascending, textAfter } from "./textEdits.ts";
import type { MigratedClass } from "./undo.ts";

/** A migrated class with the changes that would take it out of its files again. */
export interface InsertedClass extends MigratedClass {
  adapter: string | null;
  changes: readonly FileChange[];
}

export interface NewProblem {
  problem: TypeProblem;
  /** The class that brings it; null where that cannot be told. */
  culprit: MigratedClass | null;
}

export interface Comparison {
  /** Absolute. */
  root: string;
  before: TypeCheckReport;
  after: TypeCheckReport;
  /** The newest first: the changes of each build on those of the ones before it. */
  inserted: readonly InsertedClass[];
}

/** What compilers say after a migration and did not say before it. Elsewhere than in new text, place and code tell problems apart. */
export function newProblems({ root, before, after, inserted }: Comparison): NewProblem[] {
  const places = new Places(root, inserted);
  const found: NewProblem[] = [];
  for (const project of after.projects) {
    const known = new Map<string, number>();
    const earlier = before.projects.find(({ config }) => config === project.config);
    for (const problem of earlier?.problems ?? []) {
      const key = keyOf(problem, problem);
      known.set(key, (known.get(key) ?? 0) + 1);
    }
    for (const problem of project.problems) {
      const place = places.before(problem);
      if ("owner" in place) {
        found.push({ problem, culprit: classOf(place.owner) });
        continue;
      }
      const key = keyOf(problem, place);
      const left = known.get(key) ?? 0;
      if (left > 0) known.set(key, left - 1);
      else found.push({ problem, culprit: suspect(problem, inserted, root) });
    }
  }
  return found;
}

const keyOf = ({ path, code }: TypeProblem, { line, character }: { line: number; character: number }) =>
  `${path ?? ""}:${line}:${character}:${code}`;

const classOf = ({ file_path, name }: MigratedClass): MigratedClass => ({ file_path, name });

/** Outside of inserted text: the one class that changed the file, or the one whose adapter the message names. */
function suspect(
  { path, message }: TypeProblem,
  inserted: readonly InsertedClass[],
  root: string,
): MigratedClass | null {
  const named = inserted.filter(({ adapter }) => adapter !== null && mentions(message, adapter));
  const inFile = inserted.filter(({ changes }) =>
    changes.some((change) => slashes(relative(root, change.path)) === path),
  );
  for (const [only, ...others] of [named, inFile]) {
    if (only !== undefined && others.length === 0) return classOf(only);
  }
  return null;
}

function mentions(message: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(message);
}

/** Leads from places in the files now to where that text stood before. */
class Places {
  readonly #stages = new Map<string, { owner: InsertedClass; change: FileChange }[]>();

  constructor(root: string, inserted: readonly InsertedClass[]) {
    for (const owner of inserted) {
      for (const change of owner.changes) {
        const path = slashes(relative(root, change.path));
        const stages = this.#stages.get(path) ?? [];
        this.#stages.set(path, [...stages, { owner, change }]);
      }
    }
  }

  before({
    path,
    line,
    character,
  }: TypeProblem): { owner: InsertedClass } | { line: number; character: number } {
    const stages = this.#stages.get(path ?? "");
    const [newest] = stages ?? [];
    if (stages === undefined || newest === undefined) return { line, character };
    let offset = offsetOf(newest.change.before ?? "", line, character);
    let text = newest.change.before ?? "";
    for (const { owner, change } of stages) {
      let shift = 0;
      for (const { start, end, text: replaced } of ascending(change.edits)) {
        if (offset >= end) shift += replaced.length - (end - start);
        else if (offset >= start) return { owner };
      }
      offset += shift;
      text = textAfter(change);
    }
    return placeOf(text, offset);
  }
}

/** As compilers count: from 1, and without the byte-order mark. */
function offsetOf(text: string, line: number, character: number): number {
  const starts = lineStarts(text);
  return (starts[line - 1] ?? text.length) + character - 1;
}

function placeOf(text: string, offset: number): { line: number; character: number } {
  const starts = lineStarts(text);
  const line = starts.findLastIndex((start) => start <= offset);
  return { line: line + 1, character: offset - (starts[line] ?? 0) + 1 };
}

function lineStarts(text: string): number[] {
  const starts = [text.startsWith("\uFEFF") ? 1 : 0];
  for (const { index, 0: ending } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + ending.length);
  return starts;
}

/** "src/a.ts:12 TS2345: …" */
export function problemText({ path, line, code, message }: TypeProblem): string {
  const place = path === null ? "" : `${path}:${line} `;
  const [first = ""] = message.split("\n");
  return `${place}TS${code}: ${first}`;
}
