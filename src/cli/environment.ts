import { runSurroundings, type FindSurroundings } from "../runs/runSurroundings.ts";
import { existingFile } from "./workspace.ts";

/** Not --env-file: Node takes that for itself, wherever it stands. */
export const ENV_OPTION = [
  "--env <file>",
  "environment variables for what runs (default: .env of the workspace folder)",
] as const;

/** What runs find around them. Throws a UserError where the file of environment variables is none. */
export function surroundings(env: string | undefined): FindSurroundings {
  const envFile = env === undefined ? "" : existingFile(env);
  return (folder) => runSurroundings(folder, { setupFile: "", envFile });
}
