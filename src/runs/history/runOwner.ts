import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { check, lock } from "proper-lockfile";
import { v7 as uuid } from "uuid";
import type { RunEvent } from "../../model/runRecord.ts";
import { removeSocket } from "../control/controlSocket.ts";
import { forgetProcess, hasEnded, noteProcess } from "./ownerProcess.ts";

/** A lock that was not renewed for so long belongs to a process that is gone; it is renewed in half of that. */
const STALE_MS = 10_000;
export const lockOptions = { realpath: false, stale: STALE_MS } as const;

const fileOf = (runs: string, id: string): string => join(ownersFolder(runs), id);
export const ownersFolder = (runs: string): string => join(runs, "owners");

/** A process that records runs in a workspace folder: others know by a lock that it is alive, and on its machine also by its number that it is gone. */
export class RunOwner {
  readonly id: string;
  readonly #release: () => Promise<void>;

  private constructor(id: string, release: () => Promise<void>) {
    this.id = id;
    this.#release = release;
  }

  /**
   * @param runs the folder of the records, which exists
   * @param onLost the lock was taken away: runs that follow need another owner
   */
  static async create(runs: string, onLost: () => void): Promise<RunOwner> {
    const id = uuid();
    await mkdir(ownersFolder(runs), { recursive: true, mode: 0o700 });
    const file = fileOf(runs, id);
    await noteProcess(file);
    const release = await lock(file, { ...lockOptions, onCompromised: onLost });
    return new RunOwner(id, async () => {
      await release().catch(() => undefined);
      await forgetProcess(file).catch(() => undefined);
    });
  }

  release(): Promise<void> {
    return this.#release();
  }
}

/** Whether owners are alive, asked once each. */
export class LivingOwners {
  readonly #runs: string;
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(runs: string) {
    this.#runs = runs;
  }

  isAlive(id: string): Promise<boolean> {
    const known = this.#asked.get(id);
    if (known !== undefined) return known;
    const asked = /^[\w-]+$/.test(id) ? isAlive(fileOf(this.#runs, id)) : Promise.resolve(false);
    this.#asked.set(id, asked);
    return asked;
  }
}

async function isAlive(file: string): Promise<boolean> {
  if (await hasEnded(file)) return false;
  return check(file, lockOptions).catch(() => false);
}

/** The process that records a run, by its events. */
export function ownerOf([queued]: readonly RunEvent[]): string | undefined {
  return queued?.type === "queued" ? queued.owner : undefined;
}

/** Whether the process that records a run is alive. */
export async function isRecorderAlive(
  runs: string,
  events: readonly RunEvent[],
  owners = new LivingOwners(runs),
): Promise<boolean> {
  const owner = ownerOf(events);
  return owner !== undefined && (await owners.isAlive(owner));
}

/** Removes the locks of processes that are gone. */
export async function forgetDeadOwners(runs: string): Promise<void> {
  const names = await readdir(ownersFolder(runs)).catch(() => []);
  const owners = new LivingOwners(runs);
  for (const name of names) {
    const id = name.replace(/\.lock$/, "");
    if (await owners.isAlive(id)) continue;
    await rm(join(ownersFolder(runs), name), { recursive: true, force: true });
    if (/^[\w-]+$/.test(id)) await removeSocket(id);
  }
}
