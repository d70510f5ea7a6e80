import type { RunError } from "../model/runRecord.ts";
import { folderPlace } from "../runs/folderPlace.ts";
import { learnTold } from "../runs/learnTold.ts";
import type { SharedFiles } from "./sharedFiles.ts";

/** As long as runs that were left can be followed again. */
const LASTS_MS = 30 * 86_400_000;

/**
 * Counts in a folder the errors that the worker of a run has counted in its own: none where these are one folder, and each
 * once, also where the run is followed again.
 */
export class ToldErrors {
  readonly #files: SharedFiles;
  readonly #job: string;
  readonly #run: { root: string; agent: string; runId: string };
  #place: string | undefined;
  #count = 0;

  constructor(files: SharedFiles, job: string, run: { root: string; agent: string; runId: string }) {
    this.#files = files;
    this.#job = job;
    this.#run = run;
  }

  /** @param place of the folder of the worker that has the run now */
  begun(place: string | undefined): void {
    this.#place = place;
  }

  /** Rejects with a UserError where the server stays away. */
  async learn(error: RunError | undefined): Promise<void> {
    if (error?.signature === undefined || (await this.#isHere())) return;
    this.#count += 1;
    const claim = `learned/${this.#job}.${this.#count}`;
    const isNew = await this.#files.put(claim, new Uint8Array(), { lastsMs: LASTS_MS, over: null });
    if (isNew !== null) learnTold({ ...error, signature: error.signature }, this.#run);
  }

  async #isHere(): Promise<boolean> {
    return this.#place !== undefined && this.#place === (await folderPlace(this.#run.root));
  }
}
