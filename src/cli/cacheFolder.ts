import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the system wants programs to keep what they can make again. */
export function cacheFolder(platform = process.platform, env = process.env, home = homedir()): string {
  return join(base(platform, env, home), "opsvi-agents", "index");
}

function base(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === "win32") return env["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Caches");
  const { XDG_CACHE_HOME: folder } = env;
  return folder !== undefined && isAbsolute(folder) ? folder : join(home, ".cache");
}
