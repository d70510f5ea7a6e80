import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the system wants programs to keep what the user decided. */
export function configFolder(platform = process.platform, env = process.env, home = homedir()): string {
  return join(base(platform, env, home), "opsvi-agents");
}

function base(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === "win32") return env["APPDATA"] ?? join(home, "AppData", "Roaming");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  const { XDG_CONFIG_HOME: folder } = env;
  return folder !== undefined && isAbsolute(folder) ? folder : join(home, ".config");
}
