import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { UserError } from "../../model/userError.ts";
import { lockOptions, ownersFolder } from "./runOwner.ts";

/** Of all who want to resume or discard a run, in whatever process, one at a time does. Rejects with a UserError for the others. */
export async function claimed<T>(runs: string, runId: string, action: () => Promise<T>): Promise<T> {
  await mkdir(ownersFolder(runs), { recursive: true, mode: 0o700 });
  const options = { ...lockOptions, onCompromised: () => undefined };
  const release = await lock(join(ownersFolder(runs), runId), options).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    throw new UserError(
      `Run ${runId} is being resumed or discarded elsewhere at this moment: see in the list of runs what came of it.`,
    );
  });
  try {
    return await action();
  } finally {
    await release().catch(() => undefined);
  }
}
