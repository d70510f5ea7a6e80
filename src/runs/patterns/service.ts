import { join } from "node:path";
import type {
  PatternDetail,
  PatternEdit,
  PatternFunctions,
  PatternRow,
  ProposedFix,
  RegroupPreview,
  SourceLine,
} from "../../model/patterns.ts";
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
import { readRunFacts } from "../runFacts.ts";
import { placesOf, runsOf } from "./affectedRuns.ts";

/** What runs suggest is worked out anew at most so often. */
const proposalsMs = 5_000;

/** Reads and changes the error patterns of workspace folders; in a thread, or in the process that asks. */
export class PatternService implements PatternFunctions {
  readonly #groups = new Map<string, Map<string, PatternGroup>>();
  readonly #proposals = new Map<string, { at: number; found: Promise<ProposedFix[]> }>();

  rows(root: string, folder: string): Promise<{ rows: PatternRow[]; notes: string[] }> {
    return told(() => {
      const notes: string[] = [];
      const groups = groupsOf(storeOf(root, (sentence) => notes.push(sentence)).patterns());
      this.#groups.set(root, new Map(groups.map((group) => [group.pattern.error_signature, group])));
      const now = new Date();
      return { rows: groups.map((group) => rowOf(folder, group, now)), notes };
    });
  }

  async detail(root: string, folder: string, signature: string): Promise<PatternDetail | null> {
    const group = await this.#group(root, signature);
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

  async place(root: string, signature: string, index: number): Promise<SourceLine | null> {
    const group = await this.#group(root, signature);
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

  async #group(root: string, signature: string): Promise<PatternGroup | undefined> {
    // The thread may have started anew.
    if (!this.#groups.has(root)) await this.rows(root, "");
    return this.#groups.get(root)?.get(signature);
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
