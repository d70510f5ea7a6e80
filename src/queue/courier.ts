import { lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint, prepareProjIntel } from "../runtime/index.ts";
import { idShape } from "../runtime/checkpoint/idShape.ts";
import { writeAtomic } from "../runtime/files/atomicFile.ts";
import { refuseLink } from "../runtime/files/projIntel.ts";
import { StoreError, storeError } from "../runtime/storeError.ts";
import { slug } from "../runtime/files/slug.ts";
import { UserError } from "../model/userError.ts";
import { SharedCheckpoints } from "./checkpoints/sharedCheckpoints.ts";
import type { SharedFiles } from "./sharedFiles.ts";

/** Carries checkpoints between the folder of a machine and the store that all machines share. Their hash is checked on each way. */
export class Courier {
  readonly #shared: SharedCheckpoints;

  constructor(files: SharedFiles) {
    this.#shared = new SharedCheckpoints(files);
  }

  /** Rejects with a UserError where it is not in the folder, no checkpoint, or too large to be carried. */
  async send(root: string, id: string): Promise<void> {
    const bytes = await readCheckpoint(root, id);
    await this.#shared.put(checked(bytes, id), bytes);
  }

  /**
   * Answers false, and nothing happens, where the folder has it. Rejects with a UserError where nobody has it, or it was too large
   * to be carried, or nothing can be put into the folder.
   */
  async fetch(root: string, id: string): Promise<boolean> {
    const folder = checkpointsOf(root);
    if ((await fileOf(folder, id)) !== null) return false;
    const bytes = await this.#shared.read(id);
    if (bytes === null)
      throw new UserError(`The checkpoint ${id} is neither in ${folder} nor in the shared store.`);
    const { agent, id: itsOwn } = checked(bytes, id);
    if (itsOwn !== id) throw new UserError(`The shared store has another checkpoint under the id ${id}.`);
    await written(root, slug(agent), id, bytes);
    return true;
  }
}

/** Nothing can be put into a folder: the sentence is the same for all that is not. */
class FolderProblem extends UserError {
  readonly isOfFolder = true;
}

export const isOfFolder = (error: unknown): boolean =>
  (error as { isOfFolder?: unknown } | null)?.isOfFolder === true;

async function written(root: string, agentSlug: string, id: string, bytes: Uint8Array): Promise<void> {
  const folder = checkpointsOf(root);
  const place = join(folder, agentSlug);
  try {
    prepareProjIntel(join(root, ".proj-intel"));
    for (const each of [folder, place]) {
      await mkdir(each, { recursive: true, mode: 0o700 });
      refuseLink(each);
    }
    writeAtomic(join(place, `${id}.json`), bytes);
  } catch (error) {
    const { message } =
      error instanceof StoreError ? error : storeError(`No checkpoint can be put into ${folder}`, error);
    throw new FolderProblem(message, { cause: error });
  }
}

async function readCheckpoint(root: string, id: string): Promise<Uint8Array> {
  const folder = checkpointsOf(root);
  const path = await fileOf(folder, id);
  if (path === null) throw new UserError(`The checkpoint ${id} is not in ${folder}.`);
  return readFile(path);
}

function checked(bytes: Uint8Array, id: string) {
  try {
    return parseCheckpoint(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    throw new UserError(`The checkpoint ${id} cannot be carried: ${(error as Error).message}`);
  }
}

const checkpointsOf = (root: string): string => join(root, ".proj-intel", "checkpoints");

async function fileOf(folder: string, id: string): Promise<string | null> {
  if (!idShape.test(id)) return null;
  const agents = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const agent of agents) {
    if (!agent.isDirectory()) continue;
    const path = join(folder, agent.name, `${id}.json`);
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() === true) return path;
  }
  return null;
}
