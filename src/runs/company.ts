import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Started } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { CodeVersions } from "./codeVersions.ts";
import type { EngineWorker } from "./engine.ts";
import { runsFolder } from "./recorder.ts";
import { Slots } from "./slots.ts";
import type { FindSurroundings, RunSurroundings } from "./runSurroundings.ts";

/** After a run that took no longer the next one begins as good as now. */
const SHORT_MS = 100;

/** One that takes its turn. */
interface Taking<T> {
  /** So that its turn need not wait for the disk. */
  getReady: () => Promise<void>;
  begin: () => Promise<T>;
  /** All that it needs. */
  slots: readonly Slots[];
  /** Among them that of its agent, where this has a limit. */
  ofAgent: Slots | undefined;
  priority: number;
}

/** Runs that are started together: what all of them find is looked up once, and they go in the order of their start. */
export class Company {
  readonly #codeVersions = new CodeVersions();
  readonly #findSurroundings: FindSurroundings;
  readonly #folders = new Map<string, Promise<string>>();
  readonly #surroundings = new Map<string, Promise<RunSurroundings>>();
  readonly #atWork: number;
  /** Who was called ahead. Runs of agents with a limit of their own wait longer: they hold up no others. */
  readonly #called = new Map<Slots | undefined, Slots>();
  /** Who waits for nobody that was called ahead. */
  readonly #uncalled = new Slots(Infinity);
  #areShort = false;

  /** @param atWork how many of them may be at work at a time */
  constructor(findSurroundings: FindSurroundings, atWork: number) {
    this.#findSurroundings = findSurroundings;
    this.#atWork = atWork;
  }

  /** The folder of the records. Rejects with a UserError where there is no such workspace folder. */
  runsFolder(root: string): Promise<string> {
    return once(this.#folders, root, async () => {
      const folder = await stat(root).catch(() => null);
      if (!folder?.isDirectory()) throw new UserError(`There is no folder ${root}.`);
      return runsFolder(root);
    });
  }

  surroundings(root: string): Promise<RunSurroundings> {
    return once(this.#surroundings, root, () => this.#findSurroundings(root));
  }

  /** What is about to run: without a code version where its file cannot be read. */
  async startOf(
    { pid, node }: EngineWorker,
    { root, file }: { root: string; file: string },
  ): Promise<Pick<Started, "pid" | "node" | "code">> {
    const code = await this.#codeVersions.of(resolve(root, file));
    return { pid, node, ...(code !== null && { code }) };
  }

  /**
   * Of the runs that wait, as many are called ahead as may be at work: where runs are short, they get ready, so that
   * nobody waits for them when it is their turn. One that goes before some of these is not held up by them.
   */
  inTurn<T>({ getReady, begin, slots, ofAgent, priority }: Taking<T>): Promise<T> {
    const take = () => Slots.take(slots, priority, begin);
    const called = this.#calledOf(ofAgent);
    if (called.leastPriority < priority) return Slots.take([this.#uncalled], priority, take);
    return Slots.take([called], priority, async () => {
      if (this.#areShort) await getReady();
      return take();
    });
  }

  /** To be told of each run that has ended. */
  took(ms: number): void {
    this.#areShort = ms <= SHORT_MS;
  }

  #calledOf(ofAgent: Slots | undefined): Slots {
    const called = this.#called.get(ofAgent) ?? new Slots(this.#atWork * 2);
    this.#called.set(ofAgent, called);
    return called;
  }
}

/** What failed is tried again. */
function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}
