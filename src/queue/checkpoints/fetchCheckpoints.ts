import { UserError } from "../../model/userError.ts";
import { Courier, isOfFolder } from "../courier.ts";
import { isAway } from "../reach.ts";
import type { SharedFiles } from "../sharedFiles.ts";
import { SharedCheckpoints } from "./sharedCheckpoints.ts";

const TOGETHER = 8;

export interface Fetching {
  /** The workspace folder that gets what it lacks. */
  root: string;
  /** Only its checkpoints; default: of all agents. */
  agent?: string | undefined;
  onFetched?: (id: string) => void;
  /** Told why one is not fetched, where that says nothing of the others. */
  onLeftOut?: (sentence: string) => void;
  /** Asked every few checkpoints whether it goes on. */
  goesOn: (progress: FetchProgress) => boolean | Promise<boolean>;
}

export interface FetchProgress {
  /** In the store of the queue. */
  all: number;
  looked: number;
  fetched: number;
}

/**
 * Copies the checkpoints of the shared store that a folder lacks into it, the newest first. Rejects with a UserError where the store
 * or the folder cannot be used, or an agent has none.
 */
export async function fetchCheckpoints(files: SharedFiles, fetching: Fetching): Promise<FetchProgress> {
  const { root, agent, onFetched, onLeftOut, goesOn } = fetching;
  const courier = new Courier(files);
  const ids = await new SharedCheckpoints(files).ids(agent);
  if (ids.length === 0 && agent !== undefined)
    throw new UserError(`Agent "${agent}" has no checkpoints in the shared store.`);
  const progress: FetchProgress = { all: ids.length, looked: 0, fetched: 0 };
  const fetch = async (id: string) => {
    try {
      if (!(await courier.fetch(root, id))) return;
    } catch (error) {
      // The others would fare no better.
      if (!(error instanceof UserError) || isAway(error) || isOfFolder(error)) throw error;
      onLeftOut?.(error.message);
      return;
    }
    progress.fetched += 1;
    onFetched?.(id);
  };
  while (progress.looked < ids.length && (await goesOn(progress))) {
    const some = ids.slice(progress.looked, progress.looked + TOGETHER);
    const looked = await Promise.allSettled(some.map(fetch));
    const failed = looked.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    progress.looked += some.length;
  }
  return progress;
}
