import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { parseEnv } from "node:util";
import { hideSecrets } from "../runtime/checkpoint/knownSecrets.ts";
import { isSecretKey } from "../runtime/checkpoint/redact.ts";
import { UserError } from "../model/userError.ts";

export interface EnvironmentSources {
  /** Relative to the folder, or absolute; "" means `.env` where that is there. */
  envFile: string;
  /** Over the file. */
  variables?: Readonly<Record<string, string>> | undefined;
  /** Over everything; never written down. */
  secrets?: Readonly<Record<string, string>> | undefined;
}

/** The environment variables of a run, over those of the process, and which of them are secrets. */
export interface RunEnvironment {
  env: Record<string, string>;
  secrets: string[];
}

/** From now on this process, too, keeps the secrets out of what it writes down. */
export async function runEnvironment(root: string, sources: EnvironmentSources): Promise<RunEnvironment> {
  const file = await readEnvFile(root, sources.envFile);
  const env = { ...file, ...sources.variables, ...sources.secrets };
  const named = Object.keys(env).filter((name) => isSecretKey(name) && (env[name] ?? "").length >= 8);
  const secrets = [...new Set([...Object.keys(sources.secrets ?? {}), ...named])];
  hideSecrets(secrets.flatMap((name) => env[name] ?? []));
  return { env, secrets };
}

async function readEnvFile(root: string, setting: string): Promise<Record<string, string>> {
  const path = setting === "" ? ".env" : setting;
  const file = isAbsolute(path) ? path : join(root, path);
  try {
    return parseEnv(await readFile(file, "utf8")) as Record<string, string>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (setting === "" && (code === "ENOENT" || code === "EISDIR")) return {};
    throw new UserError(`The file of environment variables ${path} cannot be read: ${message}`);
  }
}
