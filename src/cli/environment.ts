import { GivenSurroundings, SURROUNDINGS_VARIABLE } from "../model/givenSurroundings.ts";
import type { RetentionPolicy } from "../model/checkpoints.ts";
import { UserError } from "../model/userError.ts";
import { runSurroundings, type FindSurroundings, type RunSurroundings } from "../runs/runSurroundings.ts";
import { hideSecrets } from "../runtime/checkpoint/knownSecrets.ts";
import { existingFile } from "./workspace.ts";

/** Not --env-file: Node takes that for itself, wherever it stands. */
export const ENV_OPTION = [
  "--env <file>",
  "environment variables for what runs (default: .env of the workspace folder)",
] as const;

export interface SurroundingOptions {
  env?: string;
  /** Which checkpoints stay; without it, all. */
  retention?: RetentionPolicy;
}

/** What runs find around them. Throws a UserError where the file of environment variables is none. */
export function surroundings({ env, retention }: SurroundingOptions): FindSurroundings {
  const envFile = env === undefined ? "" : existingFile(env);
  return (folder) => runSurroundings(folder, { setupFile: "", envFile, retention });
}

/** As VS Code gave them to this process, which no agent is to find among its variables; null where it gave none. */
export function givenSurroundings(): FindSurroundings | null {
  const text = process.env[SURROUNDINGS_VARIABLE];
  Reflect.deleteProperty(process.env, SURROUNDINGS_VARIABLE);
  if (text === undefined) return null;
  const { setupFile, retention, ...environment } = parsed(text);
  hideSecrets(environment.secrets.flatMap((name) => environment.env[name] ?? []));
  const given: RunSurroundings = {
    ...environment,
    ...(setupFile !== undefined && { setupFile }),
    ...(retention !== undefined && { retention }),
  };
  return () => Promise.resolve(given);
}

function parsed(text: string) {
  try {
    return GivenSurroundings.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${SURROUNDINGS_VARIABLE} is set by VS Code for the server it starts: unset it.`);
  }
}
