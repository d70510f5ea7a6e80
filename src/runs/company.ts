import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import pLimit, { type LimitFunction } from "p-limit";
import type { Started } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { CodeVersions } from "./codeVersions.ts";
import type { EngineWorker } from "./engine.ts";
import { runsFolder } from "./recorder.ts";
import type { FindSurroundings, RunSurroundings } from "./runSurroundings.ts";

/** After a run that took no longer the next one begins as good as now. */
const SHORT_MS = 100;

/** Runs that are started together: what all of them find is looked up once, and they go in the order of their start. */
export class Company {
  readonly #codeVersions = new CodeVersions();
  readonly #findSurroundings: FindSurroundings;
  readonly #folders = new Map<string, Promise<string>>();
  readonly #surroundings = new Map<string, Promise<RunSurroundings>>();
  readonly #next: LimitFunction;
  #areShort = false;

  /** @param atWork how many of them may be at work at a time */
  constructor(findSurroundings: FindSurroundings, atWork: number) {
    this.#findSurroundings = findSurroundings;
    this.#next = pLimit(atWork * 2);
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
   * nobody waits for them when it is their turn.
   */
  inTurn<T>(getReady: () => Promise<void>, turn: () => Promise<T>): Promise<T> {
    return this.#next(async () => {
      if (this.#areShort) await getReady();
      return turn();
    });
  }

  /** To be told of each run that has ended. */
  took(ms: number): void {
    this.#areShort = ms <= SHORT_MS;
  }
}

/** What failed is tried again. */
function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}
