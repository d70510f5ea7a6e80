import { join } from "node:path";
import type {
  PatternDetail,
  PatternEdit,
  PatternFolder,
  PatternFunctions,
  PatternList,
  PatternQuery,
  PatternRef,
  PatternRow,
  ProposedFix,
  RegroupPreview,
  SourceLine,
} from "../../model/patterns.ts";
import type { KnownFix, SolutionRef } from "../../model/fix.ts";
import type { RunError } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import { detailOf } from "../../patterns/detail.ts";
import { importedText, importFile, sharedText } from "../../patterns/exchange.ts";
import { regroupPreview } from "../../patterns/preview.ts";
import { proposalsFrom } from "../../patterns/proposals.ts";
import { rowOf } from "../../patterns/rows.ts";
import { AgentUsageError, StoreError } from "../../runtime/index.ts";
import { edited, inverseOf } from "../../runtime/patterns/edit.ts";
import { groupsOf, type PatternGroup } from "../../runtime/patterns/groups.ts";
import { PatternsStore } from "../../runtime/patterns/store.ts";
import { fixBook } from "../fixes/knownFixes.ts";
import { readRunFacts } from "../runFacts.ts";
import { placesOf, runsOf } from "./affectedRuns.ts";
import { PatternLists } from "./lists.ts";

/** What runs suggest is worked out anew at most so often. */
const proposalsMs = 5_000;

/** What was read of a folder. */
interface Read {
  groups: Map<string, PatternGroup>;
  /** Null until somebody asks for them. */
  rows: PatternRow[] | null;
}

/** Reads and changes the error patterns of workspace folders; in a thread, or in the process that asks. */
export class PatternService implements PatternFunctions {
  readonly #read = new Map<string, Read>();
  readonly #lists = new PatternLists();
  readonly #proposals = new Map<string, { at: number; found: Promise<ProposedFix[]> }>();

  read(root: string): Promise<{ count: number; notes: string[] }> {
    return told(() => {
      this.#read.set(root, { groups: new Map(), rows: null });
      const notes: string[] = [];
      const { groups } = this.#load(root, (sentence) => notes.push(sentence));
      return { count: groups.size, notes };
    });
  }

  allOf(root: string, folder: string): Promise<PatternRow[]> {
    return told(() => this.#rowsOf(root, folder));
  }

  query(folders: PatternFolder[], query: PatternQuery, chosen: PatternRef | null): Promise<PatternList> {
    return told(() => {
      const rows = folders.flatMap(({ root, folder }) => this.#rowsOf(root, folder));
      return this.#lists.list(rows, query, chosen);
    });
  }

  rows(version: number, from: number, count: number): Promise<PatternRow[] | null> {
    return Promise.resolve(this.#lists.rows(version, from, count));
  }

  async detail(root: string, folder: string, signature: string): Promise<PatternDetail | null> {
    const group = await told(() => this.#readOf(root).groups.get(signature));
    if (group === undefined) return null;
    const [runs, places, proposals] = await Promise.all([
      runsOf(root, group),
      placesOf(root, group),
      this.#proposalsOf(root),
    ]);
    const placeOf = (frame: string) => {
      const place = places.get(frame);
      return place === undefined ? null : `${place.file}:${place.line}`;
    };
    return detailOf(folder, group, { runs, proposals, placeOf, now: new Date() });
  }

  groupOf(root: string, signature: string): Promise<string> {
    return told(() => {
      for (const [group, { members }] of this.#readOf(root).groups)
        if (members.some(({ error_signature }) => error_signature === signature)) return group;
      return signature;
    });
  }

  async place(root: string, signature: string, index: number): Promise<SourceLine | null> {
    const group = await told(() => this.#readOf(root).groups.get(signature));
    const frames: unknown = group?.pattern.frames;
    const frame: unknown = Array.isArray(frames) ? frames[index] : undefined;
    if (group === undefined || typeof frame !== "string") return null;
    return (await placesOf(root, group)).get(frame) ?? null;
  }

  preview(root: string, edit: PatternEdit): Promise<RegroupPreview> {
    return told(() => regroupPreview(storeOf(root).patterns(), edit, new Date()));
  }

  apply(root: string, edit: PatternEdit): Promise<PatternEdit> {
    return told(() => {
      const inverse: PatternEdit[] = [];
      storeOf(root).edit((patterns) => {
        inverse.push(inverseOf(patterns, edit));
        return edited(patterns, edit, new Date());
      });
      return inverse[0] ?? edit;
    });
  }

  shared(root: string): Promise<string> {
    return told(() => sharedText(storeOf(root).patterns()));
  }

  importFile(root: string, path: string): Promise<string> {
    return told(() => importedText(importFile(storeOf(root), path)));
  }

  knownFixes(root: string, error: RunError): Promise<KnownFix[]> {
    return fixBook.find(root, error);
  }

  countOutcome(root: string, solution: SolutionRef, passed: boolean): Promise<void> {
    return fixBook.count(root, solution, passed);
  }

  #rowsOf(root: string, folder: string): PatternRow[] {
    const read = this.#readOf(root);
    const now = new Date();
    return (read.rows ??= [...read.groups.values()].map((group) => rowOf(folder, group, now)));
  }

  /** The thread may have started anew. */
  #readOf(root: string): Read {
    return this.#read.get(root) ?? this.#load(root);
  }

  #load(root: string, warn?: (sentence: string) => void): Read {
    const groups = groupsOf(storeOf(root, warn).patterns());
    const bySignature = new Map(groups.map((group) => [group.pattern.error_signature, group]));
    const read: Read = { groups: bySignature, rows: null };
    this.#read.set(root, read);
    return read;
  }

  async #proposalsOf(root: string): Promise<ProposedFix[]> {
    const known = this.#proposals.get(root);
    if (known !== undefined && Date.now() - known.at < proposalsMs) return await known.found;
    const found = readRunFacts(root).then(proposalsFrom);
    this.#proposals.set(root, { at: Date.now(), found });
    return await found;
  }
}

const storeOf = (root: string, warn: (sentence: string) => void = () => undefined): PatternsStore =>
  new PatternsStore(join(root, ".proj-intel"), { warn });

/** What a person can do something about is a sentence for them. */
function told<T>(action: () => T): Promise<T> {
  return Promise.resolve()
    .then(action)
    .catch((error: unknown) => {
      const theirs = error instanceof StoreError || error instanceof AgentUsageError;
      throw theirs ? new UserError(error.message) : error;
    });
}
