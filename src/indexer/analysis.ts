import type { AgentRecord } from "../model/agentRecord.ts";
import { alike } from "./alike.ts";
import { Classes } from "./classes.ts";
import { Closure } from "./closure.ts";
import { Externals } from "./externals.ts";
import { Linker } from "./linker.ts";
import { MakingRecords } from "./makingRecords.ts";
import { Makings } from "./makings.ts";
import { Memo, type Watched } from "./memo.ts";
import type { ModuleResolver } from "./moduleResolver.ts";
import { NonClasses } from "./nonClasses.ts";
import { loadParser } from "./parsing.ts";
import type { Pause } from "./pause.ts";
import { Plausible } from "./plausible.ts";
import type { Readers } from "./readers.ts";
import type { Rules } from "./rules.ts";
import type { FileFacts } from "./scan.ts";
import type { Sources } from "./sources.ts";
import type { FileModel } from "./syntax/fileModel.ts";
import { WatchedSet } from "./watchedSet.ts";
import { WatchedUnion } from "./watchedUnion.ts";

export interface Findings {
  agents: AgentRecord[];
  rejected: AgentRecord[];
  notes: string[];
}

/**
 * From what is known of all texts to records: closure by name, parse the candidates, link, judge. A further run works out
 * anew only what the files that have changed have a part in. For as long as specifiers lead to the same files.
 */
export class Analysis {
  readonly #sources: Sources;
  readonly #models: Watched<FileModel | null>;
  /** As `FileFacts.tagged`. */
  readonly #tagged: Watched<boolean>;
  readonly #closure: Closure;
  readonly #classNames: WatchedSet;
  readonly #classes: Classes;
  readonly #nonClasses: NonClasses;
  /** As they were taken into account last. */
  readonly #facts = new Map<string, FileFacts>();
  /** Since the last run. */
  readonly #changed: Set<string>;

  constructor(sources: Sources, resolver: ModuleResolver, rules: Rules) {
    const { locate, packageOf, typings } = resolver;
    const memo = new Memo();
    this.#sources = sources;
    this.#models = memo.watched(sources.model, alike);
    this.#changed = new Set(sources.facts.keys());
    this.#closure = new Closure(locate, rules);
    this.#classNames = new WatchedSet(memo);
    const functionNames = new WatchedUnion(memo);
    const model = this.#models.get;
    const linker = new Linker(model, locate, new Externals(typings));
    const plausible = new Plausible(this.#classNames.has, functionNames.has, locate, rules);
    this.#tagged = memo.watched((path) => sources.facts.get(path)?.tagged === true);
    const texts = { model, isTagged: this.#tagged.get };
    this.#classes = new Classes(linker, rules, plausible, texts, memo);
    const makings = new Makings(linker, this.#classes.judge, model, packageOf, plausible, memo);
    const records = new MakingRecords(linker, rules, makings);
    this.#nonClasses = new NonClasses(makings, records, functionNames, { model, locate }, memo);
  }

  /** These files have, or may have, other texts. */
  change(paths: Iterable<string>): void {
    for (const path of paths) this.#changed.add(path);
  }

  async run(
    readers: Readers,
    pause: Pause,
    onProgress: (done: number, total: number) => void,
  ): Promise<Findings> {
    const { facts } = this.#sources;
    // Modules are looked up by what configurations say: the parser reads them.
    await loadParser();
    for (const path of this.#changed) this.#take(path, facts.get(path) ?? null);
    const { paths, names } = this.#closure.reached();
    await readers.share(this.#sources.parsing([...paths].sort()), pause, (done) =>
      onProgress(facts.size + done, facts.size + paths.size),
    );
    this.#models.check(this.#changed);
    this.#tagged.check(this.#changed);
    this.#changed.clear();
    this.#classNames.become(names);

    const records = [
      ...(await this.#classes.find(paths, pause)),
      ...(await this.#nonClasses.find(paths, pause)),
    ].sort(byPlace);
    const used = this.#models.keys;
    this.#sources.keepModels(used);
    return {
      agents: records.filter(({ role }) => role !== "not"),
      rejected: records.filter(({ role }) => role === "not"),
      notes: this.#sources.notes(used),
    };
  }

  /** By names alone: who may be whose heir. */
  #take(path: string, facts: FileFacts | null): void {
    if (alike(this.#facts.get(path) ?? null, facts)) return;
    if (facts === null) this.#facts.delete(path);
    else this.#facts.set(path, facts);
    for (const part of [this.#closure, this.#classes, this.#nonClasses]) part.set(path, facts);
  }
}

const byPlace = (a: AgentRecord, b: AgentRecord): number =>
  a.file_path === b.file_path ? a.lineno - b.lineno : a.file_path < b.file_path ? -1 : 1;
