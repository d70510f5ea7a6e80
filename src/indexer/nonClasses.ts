import type { AgentRecord } from "../model/agentRecord.ts";
import { ByName } from "./byName.ts";
import { named } from "./closure.ts";
import { MakingRecords, nameOfMaking } from "./makingRecords.ts";
import { mayBeFactory, type Made, type Makings } from "./makings.ts";
import type { Kept, Memo } from "./memo.ts";
import { isTest } from "./paths.ts";
import type { Pause } from "./pause.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { FileFacts } from "./scan.ts";
import type { FileModel, FunctionModel } from "./syntax/fileModel.ts";
import type { WatchedUnion } from "./watchedUnion.ts";

interface Sources {
  locate: (specifier: string, from: string) => string | null;
  model: (path: string) => FileModel | null;
}

/** No path. */
const FURTHER = "";

/** What one file holds. */
interface Holding {
  records: AgentRecord[];
  /** The names of its functions that make agents. */
  factories: string[];
}

/**
 * The agents that are no classes: instances that have a name, and functions that make agents. Looks into the candidates
 * and, step by step, into the files that call a function found to make agents.
 */
export class NonClasses {
  readonly #model: Sources["model"];
  readonly #makings: Makings;
  readonly #records: MakingRecords;
  /** The names of functions that may make agents. */
  readonly #functions: WatchedUnion;
  /** The files that have results of a function at their top level, by the function's name. */
  readonly #callers: ByName<string>;
  readonly #functionsIn: Kept<readonly string[]>;
  readonly #holdings: Kept<Holding>;

  constructor(
    makings: Makings,
    records: MakingRecords,
    functions: WatchedUnion,
    { model, locate }: Sources,
    memo: Memo,
  ) {
    this.#model = model;
    this.#makings = makings;
    this.#records = records;
    this.#functions = functions;
    this.#callers = new ByName(({ makings: { calls } }, path, tell) => {
      for (const name of named(calls, path, locate)) tell(name, path);
    });
    this.#functionsIn = memo.kept((path) => this.#functionNames(path), []);
    this.#holdings = memo.kept((path) => this.#look(path), { records: [], factories: [] });
  }

  set(path: string, facts: FileFacts | null): void {
    this.#callers.set(path, facts);
  }

  /** @param candidates the files to start with */
  async find(candidates: ReadonlySet<string>, pause: Pause): Promise<AgentRecord[]> {
    this.#functionsIn.only(candidates);
    const functions = new Map([...candidates].map((path) => [path, this.#functionsIn.get(path)]));
    /** The names of functions in other files, which are found on the way. */
    const names = new Set<string>();
    const paths = new Set(candidates);
    for (let known = -1; known < names.size;) {
      known = names.size;
      this.#functions.become(new Map([...functions, [FURTHER, [...names]]]));
      for (const path of paths) {
        await pause.here();
        for (const name of this.#holdings.get(path).factories) {
          if (!candidates.has(path)) names.add(name);
          for (const { told } of this.#callers.of(name)) paths.add(told);
        }
      }
    }
    this.#holdings.only(paths);
    return [...paths].flatMap((path) => this.#holdings.get(path).records);
  }

  /** Of what may be a factory. */
  #functionNames(path: string): string[] {
    const file = this.#model(path);
    const functions = [...(file?.functions.entries() ?? [])];
    return functions
      .filter(([index, { declared }]) => file !== null && declared !== null && mayBeFactory(file, index))
      .flatMap(([, model]) => namesOf(model, path));
  }

  #look(path: string): Holding {
    const holding: Holding = { records: [], factories: [] };
    const file = this.#model(path);
    if (file === null) return holding;
    /** What a factory returns is not listed beside it. */
    const returned = new Set<number>();
    for (const [index, model] of file.functions.entries()) {
      const factory = model.declared === null ? null : this.#makings.factoryOf(path, index);
      if (model.declared === null || factory?.kind !== "factory") continue;
      returned.add(factory.makes.index);
      holding.records.push(
        this.#records.factory(path, { ...model, declared: model.declared }, factory.makes),
      );
      holding.factories.push(...namesOf(model, path));
    }
    for (const [index, making] of file.makings.entries()) {
      if (returned.has(index) || nameOfMaking(making) === null) continue;
      const made = this.#makings.ofMaking(path, index);
      if (made !== null && isListed(made)) holding.records.push(this.#records.instance(made));
    }
    return holding;
  }
}

/** By which it is called. */
function namesOf({ name, exported }: FunctionModel, path: string): string[] {
  const other = exported === "default" ? DEFAULT_OF + path : exported;
  return other === null || other === name ? [name] : [name, other];
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
