import { pathToFileURL } from "node:url";
import type { ExecuteOptions } from "../core/types.ts";
import { libraryFile } from "./threadFile.ts";
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
    stores.checkpoints = new (await library()).FileCheckpointStore(checkpoints.folder);
  }
  if (errors !== undefined && stores.errors === undefined) {
    stores.errors = new (await library()).ErrorPatternLearner(errors.folder);
  }
  known.set(key, stores);
  return stores;
}

async function library(): Promise<
  Pick<typeof import("../index.ts"), "FileCheckpointStore" | "ErrorPatternLearner">
> {
  return (await import(pathToFileURL(libraryFile()).href)) as typeof import("../index.ts");
}
