import type { Orchestration } from "../model/agentRecord.ts";
import type { Linker } from "./linker.ts";
import { keyOf } from "./target.ts";
import type { Linked } from "./members.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { Alias } from "./scan.ts";

/** Finds which agents of the workspace a class constructs, calls or registers. */
export class OrchestrationFinder {
  readonly #linker: Linker;
  /** By place. */
  readonly #agents = new Map<string, { name: string; file_path: string }>();
  /** Names that agents have or are exported under: other names need not be followed through files. */
  readonly #names = new Set<string>();

  /**
   * @param agents all agents and orchestrators of the workspace
   * @param aliases names under which files offer something again
   */
  constructor(linker: Linker, agents: readonly Linked[], aliases: readonly Alias[]) {
    this.#linker = linker;
    for (const { target, model } of agents) {
      this.#agents.set(keyOf(target), { name: model.name, file_path: target.path });
      this.#names.add(model.name);
      if (model.exported !== null) this.#names.add(model.exported);
    }
    for (let known = -1; known < this.#names.size;) {
      known = this.#names.size;
      for (const { name, of } of aliases) {
        if (of.some((source) => source.startsWith(DEFAULT_OF) || this.#names.has(source)))
          this.#names.add(name);
      }
    }
  }

  /** One entry for each agent and way, at the first line that shows it. */
  of({ target, model }: Linked): Orchestration[] {
    const found = new Map<string, Orchestration>();
    for (const { how, of, line } of model.uses) {
      const name = this.#linker.originalName(of, target.path);
      if (name !== null && !this.#names.has(name)) continue;
      const used = this.#linker.resolve(of, target);
      if (used?.kind !== "class" || keyOf(used) === keyOf(target)) continue;
      const agent = this.#agents.get(keyOf(used));
      const key = `${how} ${keyOf(used)}`;
      if (agent !== undefined && !found.has(key)) found.set(key, { ...agent, how, lineno: line });
    }
    return [...found.values()].sort((a, b) => a.lineno - b.lineno);
  }
}
