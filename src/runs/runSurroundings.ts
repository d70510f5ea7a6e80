import { isAbsolute, join } from "node:path";
import type { RetentionPolicy } from "../model/checkpoints.ts";
import { runEnvironment, type EnvironmentSources, type RunEnvironment } from "./runEnvironment.ts";

/** What the runs of a folder find around them, besides task and arguments. */
export interface SurroundingSources extends EnvironmentSources {
  /** Relative to the folder, or absolute; "" means `agents.setup.ts` or the like where that is there. */
  setupFile: string;
  /** Which checkpoints stay; without it, all. */
  retention?: RetentionPolicy | undefined;
}

export interface RunSurroundings extends RunEnvironment {
  /** Absolute. */
  setupFile?: string;
  retention?: RetentionPolicy;
}

export type FindSurroundings = (root: string) => Promise<RunSurroundings>;

/** Rejects with a UserError for a file of environment variables that cannot be read. */
export async function runSurroundings(root: string, sources: SurroundingSources): Promise<RunSurroundings> {
  const { setupFile, retention } = sources;
  const environment = {
    ...(await runEnvironment(root, sources)),
    ...(retention !== undefined && { retention }),
  };
  if (setupFile === "") return environment;
  return { ...environment, setupFile: isAbsolute(setupFile) ? setupFile : join(root, setupFile) };
}

/** Where nothing is set. */
export const usualSurroundings: FindSurroundings = (root) =>
  runSurroundings(root, { setupFile: "", envFile: "" });
