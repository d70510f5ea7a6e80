import type { SharedFiles } from "./sharedFiles.ts";
import type { Workers } from "./workers.ts";

const LASTS_MS = 3_600_000;

/** Why workers do not take a run: once all that are there have said so, nobody will. */
export class Refusals {
  readonly #files: SharedFiles;
  readonly #workers: Workers;

  constructor(files: SharedFiles, workers: Workers) {
    this.#files = files;
    this.#workers = workers;
  }

  /**
   * Tells that a worker does not take a run.
   * @returns the reasons of all workers where none is left that might take it, else null
   */
  async add(job: string, worker: string, reason: string): Promise<string[] | null> {
    const folder = `refusals/${job}`;
    await this.#files.put(`${folder}/${worker}`, Buffer.from(reason), { lastsMs: LASTS_MS });
    const refused = new Set((await this.#files.list(folder)).map((name) => name.slice(folder.length + 1)));
    const there = await this.#workers.list();
    if (this.#workers.mayLack || there.some(({ id, draining }) => !draining && !refused.has(id))) return null;
    const reasons = await Promise.all(
      [...refused].map(async (id) => {
        const file = await this.#files.get(`${folder}/${id}`);
        return file === null ? [] : [`${id} ${Buffer.from(file.bytes).toString("utf8")}`];
      }),
    );
    return reasons.flat().sort();
  }
}
