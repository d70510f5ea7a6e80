import { ByName } from "./byName.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { Rules } from "./rules.ts";
import type { FileFacts } from "./scan.ts";

/** Answers with the workspace file behind a specifier, null for packages. */
type Locate = (specifier: string, from: string) => string | null;

/** What comes of a name that may mean an agent. */
interface Step {
  /** The file that it makes a candidate, null where it only has another name for it. */
  path: string | null;
  /** The names that it reaches. */
  names: readonly string[];
}

/** What is the case without any name waits for this one. */
const CERTAIN = DEFAULT_OF;

/**
 * The files that may hold agent classes: those with a class whose name or heritage speaks of agents, and, step by step,
 * those with a class that extends such a one, under whatever name. Works on names alone, so it may name too many.
 */
export class Closure {
  readonly #locate: Locate;
  readonly #rules: Rules;
  readonly #steps = new ByName<Step>((facts, path, tell) => this.#tellSteps(facts, path, tell));

  constructor(locate: Locate, rules: Rules) {
    this.#locate = locate;
    this.#rules = rules;
  }

  set(path: string, facts: FileFacts | null): void {
    this.#steps.set(path, facts);
  }

  /** The candidates, and the names that led to them. */
  reached(): { paths: Set<string>; names: Set<string> } {
    const paths = new Set<string>();
    const names = new Set<string>([CERTAIN]);
    for (const name of names) {
      for (const { told } of this.#steps.of(name)) {
        if (told.path !== null) paths.add(told.path);
        for (const next of told.names) names.add(next);
      }
    }
    for (const none of [CERTAIN, ""]) names.delete(none);
    return { paths, names };
  }

  /** By the name that each waits for. */
  #tellSteps(facts: FileFacts, path: string, tell: (name: string, step: Step) => void): void {
    const { classes, exports, hasDefault, tagged, coordinates, makings } = facts;
    const mayMeanAgent = (name: string) => this.#rules.mayMeanAgent(name);
    const add = (step: Step, isCertain: boolean, sources: readonly string[]) => {
      if (isCertain) tell(CERTAIN, step);
      else for (const name of named(sources, path, this.#locate)) tell(name, step);
    };
    const defaults = hasDefault ? [DEFAULT_OF + path] : [];
    for (const { name, bases } of classes) {
      const isCertain = tagged || mayMeanAgent(name) || bases.some(mayMeanAgent);
      add({ path, names: [name, ...defaults] }, isCertain, bases);
    }
    for (const { name, of } of exports) {
      const offered = name === "default" ? DEFAULT_OF + path : name;
      add({ path: null, names: [offered] }, of.some(mayMeanAgent), of);
    }
    add({ path, names: [] }, coordinates || makings.framework, makings.constructs);
  }
}

/** What stands for the default export of a specifier becomes that of the file behind it; that of a package means nothing. */
export function named(written: readonly string[], path: string, locate: Locate): readonly string[] {
  if (!written.some((name) => name.startsWith(DEFAULT_OF))) return written;
  return written.flatMap((name) => {
    if (!name.startsWith(DEFAULT_OF)) return name;
    const target = locate(name.slice(DEFAULT_OF.length), path);
    return target === null ? [] : DEFAULT_OF + target;
  });
}
