import type { AgentRecord } from "../model/agentRecord.ts";
import { claimOf } from "./agentName.ts";
import { Judge, type Verdict } from "./judge.ts";
import type { Linker } from "./linker.ts";
import type { Linked } from "./members.ts";
import type { Kept, Memo } from "./memo.ts";
import { OrchestrationFinder } from "./orchestrates.ts";
import type { Pause } from "./pause.ts";
import { toRecord } from "./records.ts";
import type { Plausible } from "./plausible.ts";
import type { Rules } from "./rules.ts";
import type { FileFacts } from "./scan.ts";
import type { FileModel, MethodModel } from "./syntax/fileModel.ts";
import { keyOf, type ClassTarget, type Target } from "./target.ts";
import { WatchedSet } from "./watchedSet.ts";
import { WatchedUnion } from "./watchedUnion.ts";

/** The runtime's adapter, wherever it is imported from. */
const ADAPTER = "UniversalAgentAdapter";

interface Texts {
  model: (path: string) => FileModel | null;
  /** As `FileFacts.tagged`. */
  isTagged: (path: string) => boolean;
}

interface Judged {
  verdict: Verdict;
  /** For an adapter: the class it wraps. */
  legacy: Target | null;
  /** The name of that class; as the adapter writes it where it has none. */
  adapts: string | null;
}

/** The classes that are agents, or whose name or heritage speaks of agents. */
export class Classes {
  readonly judge: Judge;
  readonly #linker: Linker;
  readonly #rules: Rules;
  readonly #plausible: Plausible;
  readonly #texts: Texts;
  readonly #orchestrations: OrchestrationFinder;
  /** Which classes are extended, directly or not, by one that is called an agent, where one of both does something. */
  readonly #extended: WatchedUnion;
  /** Which classes have an adapter. */
  readonly #wrapped: WatchedSet;
  readonly #extendedIn: Kept<readonly string[]>;
  readonly #judgedIn: Kept<readonly Judged[]>;
  readonly #recordsIn: Kept<readonly AgentRecord[]>;

  constructor(linker: Linker, rules: Rules, plausible: Plausible, texts: Texts, memo: Memo) {
    this.#linker = linker;
    this.#rules = rules;
    this.#plausible = plausible;
    this.#texts = texts;
    this.#orchestrations = new OrchestrationFinder(linker, memo);
    this.#extended = new WatchedUnion(memo);
    this.#wrapped = new WatchedSet(memo);
    const hasHeirs = (target: ClassTarget) => this.#extended.has(keyOf(target));
    this.judge = new Judge(linker, rules, plausible, hasHeirs, memo);
    this.#extendedIn = memo.kept((path) => this.#extendedBy(path), []);
    this.#judgedIn = memo.kept((path) => this.#judged(path), []);
    this.#recordsIn = memo.kept((path) => this.#judgedIn.get(path).map((judged) => this.#record(judged)), []);
  }

  set(path: string, facts: FileFacts | null): void {
    this.#orchestrations.set(path, facts);
  }

  /** @param paths the files that may hold some */
  async find(paths: ReadonlySet<string>, pause: Pause): Promise<AgentRecord[]> {
    for (const kept of [this.#extendedIn, this.#judgedIn, this.#recordsIn]) kept.only(paths);
    const extended = new Map<string, readonly string[]>();
    for (const path of paths) {
      extended.set(path, this.#extendedIn.get(path));
      await pause.here();
    }
    this.#extended.become(extended);

    const found: Judged[] = [];
    for (const path of paths) {
      found.push(...this.#judgedIn.get(path));
      await pause.here();
    }
    const wrapped = found.flatMap(({ legacy }) => (legacy?.kind === "class" ? [keyOf(legacy)] : []));
    this.#wrapped.become(new Set(wrapped));
    const agents = found.filter(({ verdict }) => verdict.role !== "not");
    this.#orchestrations.setAgents(agents.map(({ verdict }) => verdict.linked));

    const records: AgentRecord[] = [];
    for (const path of paths) {
      records.push(...this.#recordsIn.get(path));
      await pause.here();
    }
    return records;
  }

  #targetsIn(path: string): ClassTarget[] {
    const file = this.#texts.model(path);
    if (file === null) return [];
    const all = this.#texts.isTagged(path);
    return [...file.classes.entries()]
      .filter(([, declared]) => all || this.#plausible.mayBeAgent(declared, path, file))
      .map(([index]): ClassTarget => ({ kind: "class", path, index, env: null }));
  }

  #extendedBy(path: string): string[] {
    return this.#targetsIn(path)
      .filter((target) => {
        const name = this.#linker.nameOf(target);
        return this.#rules.nameRule(name)?.isAgent ?? claimOf(name).is === "agent";
      })
      .flatMap((target) => {
        const acts = this.#acts(target);
        const bases = this.#linker.basesOf(target);
        return bases.flatMap((base) =>
          base.kind === "class" && (acts || this.#acts(base)) ? [keyOf(base)] : [],
        );
      });
  }

  #acts(target: ClassTarget): boolean {
    return this.#linker.classModel(target)?.methods.some(isPublic) === true;
  }

  #judged(path: string): Judged[] {
    return this.#targetsIn(path).flatMap((target) => {
      const verdict = this.judge.verdictOf(target);
      if (verdict === null || verdict.unrelated) return [];
      return [{ verdict, ...this.#legacyOf(verdict.linked) }];
    });
  }

  #legacyOf({ model, target, bases }: Linked): Pick<Judged, "legacy" | "adapts"> {
    const none = { legacy: null, adapts: null };
    const [base] = bases;
    if (base === undefined || this.#linker.nameOf(base) !== ADAPTER) return none;
    const [type] = model.extendsTypes;
    const written = model.superNew ?? type;
    const legacy = written === undefined ? null : this.#linker.resolve(written, target);
    if (written === undefined || legacy === null) return none;
    const given = written.kind === "name" || written.kind === "member" ? written.name : "";
    return { legacy, adapts: this.#linker.nameOf(legacy) || given };
  }

  #record({ verdict, adapts }: Judged): AgentRecord {
    return toRecord(this.#linker, verdict, this.#rules, {
      orchestrates: this.#orchestrations.of(verdict.linked),
      migrated: this.#wrapped.has(keyOf(verdict.linked.target)),
      adapts,
    });
  }
}

const isPublic = ({ name, private: isPrivate }: MethodModel): boolean => !isPrivate && !name.startsWith("_");
