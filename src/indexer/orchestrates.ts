import type { Orchestration } from "../model/agentRecord.ts";
import { ByName } from "./byName.ts";
import type { Linker } from "./linker.ts";
import { keyOf } from "./target.ts";
import type { Linked } from "./members.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { Memo, Watched } from "./memo.ts";
import type { FileFacts } from "./scan.ts";
import { WatchedSet } from "./watchedSet.ts";

/** Finds which agents of the workspace a class constructs, calls or registers. */
export class OrchestrationFinder {
  readonly #linker: Linker;
  /** Names under which files offer something again, by what it is called before. */
  readonly #aliases = new ByName(aliasesOf);
  /** Names that agents have or are exported under: other names need not be followed through files. */
  readonly #names: WatchedSet;
  /** The names of agents by their places. */
  #agents = new Map<string, string>();
  readonly #agentAt: Watched<string | undefined>;

  constructor(linker: Linker, memo: Memo) {
    this.#linker = linker;
    this.#names = new WatchedSet(memo);
    this.#agentAt = memo.watched((place) => this.#agents.get(place));
  }

  set(path: string, facts: FileFacts | null): void {
    this.#aliases.set(path, facts);
  }

  /** @param agents all agents and orchestrators of the workspace */
  setAgents(agents: readonly Linked[]): void {
    this.#agents = new Map(agents.map(({ target, model }) => [keyOf(target), model.name]));
    this.#agentAt.check();
    const names = new Set(agents.flatMap(({ model }) => [model.name, model.exported ?? model.name]));
    names.add(DEFAULT_OF);
    for (const name of names) for (const { told } of this.#aliases.of(name)) names.add(told);
    this.#names.become(names);
  }

  /** One entry for each agent and way, at the first line that shows it. */
  of({ target, model }: Linked): Orchestration[] {
    const found = new Map<string, Orchestration>();
    for (const { how, of, line } of model.uses) {
      const original = this.#linker.originalName(of, target.path);
      if (original !== null && !this.#names.has(original)) continue;
      const used = this.#linker.resolve(of, target);
      if (used?.kind !== "class" || keyOf(used) === keyOf(target)) continue;
      const name = this.#agentAt.get(keyOf(used));
      const key = `${how} ${keyOf(used)}`;
      if (name !== undefined && !found.has(key))
        found.set(key, { name, file_path: used.path, how, lineno: line });
    }
    return [...found.values()].sort((a, b) => a.lineno - b.lineno);
  }
}

/** What a default export is called is not known: its aliases may be an agent's. */
function aliasesOf(
  { exports }: FileFacts,
  _path: string,
  tell: (source: string, alias: string) => void,
): void {
  for (const { name, of } of exports) {
    for (const source of of) tell(source.startsWith(DEFAULT_OF) ? DEFAULT_OF : source, name);
  }
}
