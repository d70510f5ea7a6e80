import { lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpoint, prepareProjIntel } from "../runtime/index.ts";
import { writeAtomic } from "../runtime/files/atomicFile.ts";
import { refuseLink } from "../runtime/files/projIntel.ts";
import { slug } from "../runtime/files/slug.ts";
import { UserError } from "../model/userError.ts";
import type { SharedFiles } from "./sharedFiles.ts";

const ID = /^[0-9a-f-]{36}$/;
const DAY_MS = 86_400_000;
/** Long enough to resume a run after holidays. */
const LASTS_MS = 30 * DAY_MS;
const nameOf = (id: string): string => `checkpoints/${id}`;

/** Carries checkpoints between the folder of a machine and the store that all machines share. Their hash is checked on each way. */
export class Courier {
  readonly #files: SharedFiles;

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  /** Rejects with a UserError where it is not in the folder, or no checkpoint. */
  async send(root: string, id: string): Promise<void> {
    const bytes = await readCheckpoint(root, id);
    await this.#files.put(nameOf(id), bytes, { lastsMs: LASTS_MS });
  }

  /** Nothing happens where the folder has it. Rejects with a UserError where nobody has it. */
  async fetch(root: string, id: string): Promise<void> {
    const folder = checkpointsOf(root);
    if ((await fileOf(folder, id)) !== null) return;
    const file = ID.test(id) ? await this.#files.get(nameOf(id)) : null;
    if (file === null)
      throw new UserError(`The checkpoint ${id} is neither in ${folder} nor in the shared store.`);
    const { agent, id: itsOwn } = checked(file.bytes, id);
    if (itsOwn !== id) throw new UserError(`The shared store has another checkpoint under the id ${id}.`);
    prepareProjIntel(join(root, ".proj-intel"));
    const place = join(folder, slug(agent));
    for (const each of [folder, place]) {
      await mkdir(each, { recursive: true, mode: 0o700 });
      refuseLink(each);
    }
    writeAtomic(join(place, `${id}.json`), file.bytes);
  }
}

async function readCheckpoint(root: string, id: string): Promise<Uint8Array> {
  const folder = checkpointsOf(root);
  const path = await fileOf(folder, id);
  if (path === null) throw new UserError(`The checkpoint ${id} is not in ${folder}.`);
  const bytes = await readFile(path);
  checked(bytes, id);
  return bytes;
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
  if (!ID.test(id)) return null;
  const agents = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const agent of agents) {
    if (!agent.isDirectory()) continue;
    const path = join(folder, agent.name, `${id}.json`);
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() === true) return path;
  }
  return null;
}
