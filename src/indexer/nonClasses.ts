import type { AgentRecord } from "../model/agentRecord.ts";
import { MakingRecords, nameOfMaking } from "./makingRecords.ts";
import type { Made, Makings } from "./makings.ts";
import type { Linker } from "./linker.ts";
import { isTest } from "./paths.ts";
import type { Pause } from "./pause.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { FileFacts } from "./scan.ts";
import type { Plausible } from "./plausible.ts";
import type { FileModel } from "./syntax/fileModel.ts";
import type { Rules } from "./rules.ts";

interface Known {
  facts: ReadonlyMap<string, FileFacts>;
  locate: (specifier: string, from: string) => string | null;
  model: (path: string) => FileModel | null;
}

/**
 * The agents that are no classes: instances that have a name, and functions that make agents. Looks into the given files
 * and, step by step, into those that call a function found to make agents.
 */
export async function nonClasses(
  linker: Linker,
  rules: Rules,
  makings: Makings,
  plausible: Plausible,
  paths: readonly string[],
  { facts, locate, model }: Known,
  pause: Pause,
): Promise<AgentRecord[]> {
  const records = new MakingRecords(linker, rules, makings);
  const waiting = callers(facts, locate);
  const found: AgentRecord[] = [];
  const queue = new Set(paths);
  for (const path of paths) {
    const file = model(path);
    if (file !== null) plausible.know(path, file);
  }
  for (const path of queue) {
    await pause.here();
    const file = model(path);
    if (file === null) continue;
    plausible.know(path, file);
    /** What a factory returns is not listed beside it. */
    const returned = new Set<number>();
    for (const [index, { name, declared, ...rest }] of file.functions.entries()) {
      const factory = declared === null ? null : makings.factoryOf(path, index);
      if (declared === null || factory?.kind !== "factory") continue;
      returned.add(factory.makes.index);
      found.push(records.factory(path, { name, declared, ...rest }, factory.makes));
      const known = rest.exported === "default" ? [name, DEFAULT_OF + path] : [name];
      for (const called of known) for (const caller of waiting.get(called) ?? []) queue.add(caller);
    }
    for (const [index, making] of file.makings.entries()) {
      if (returned.has(index) || nameOfMaking(making) === null) continue;
      const made = makings.ofMaking(path, index);
      if (made !== null && isListed(made)) found.push(records.instance(made));
    }
  }
  return found;
}

/** The files that have results of a function at their top level, by the function's name. */
function callers(facts: Known["facts"], locate: Known["locate"]): Map<string, string[]> {
  const waiting = new Map<string, string[]>();
  for (const [path, { makings }] of facts) {
    for (const written of makings.calls) {
      const target = written.startsWith(DEFAULT_OF) ? locate(written.slice(1), path) : null;
      const name = target === null ? written : DEFAULT_OF + target;
      waiting.set(name, [...(waiting.get(name) ?? []), path]);
    }
  }
  return waiting;
}

/**
 * A framework's agents are listed wherever they stand, except within the functions of tests. Agents of classes and
 * factories that are listed themselves are so only at the top level, classes' only where they are exported.
 */
function isListed({ making, maker, path }: Made): boolean {
  if (maker.kind === "class") return making.exported !== null;
  if (maker.kind === "factory") return making.name !== null && making.function === null;
  return making.function === null || !isTest(path);
}
