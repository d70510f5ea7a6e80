import type { ExecuteOptions } from "../core/types.ts";
import type { ModuleOptions } from "./types.ts";

const known = new Map<string, Pick<ExecuteOptions, "checkpoints" | "errors">>();

/** The stores that options name, made once a thread; loaded only where they are used. */
export async function storesFor({
  checkpoints,
  errors,
}: ModuleOptions): Promise<Pick<ExecuteOptions, "checkpoints" | "errors">> {
  const key = JSON.stringify([checkpoints?.folder, errors?.folder]);
  const stores = known.get(key) ?? {};
  if (checkpoints !== undefined && stores.checkpoints === undefined) {
    const { FileCheckpointStore } = await import("../checkpoint/fileStore.ts");
    stores.checkpoints = new FileCheckpointStore(checkpoints.folder);
  }
  if (errors !== undefined && stores.errors === undefined) {
    const { ErrorPatternLearner } = await import("../patterns/learner.ts");
    stores.errors = new ErrorPatternLearner(errors.folder);
  }
  known.set(key, stores);
  return stores;
}
