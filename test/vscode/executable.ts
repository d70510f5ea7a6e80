import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { CACHE } from "./paths.ts";

const RELEASES = "https://update.code.visualstudio.com/api/releases/stable";

/**
 * What `runTests` should start: desktop VS Code where there is a display and it can be downloaded, else the server build
 * behind the same command line. OPSVI_VSCODE decides instead: the path of a VS Code, or "server".
 */
export async function vscodeExecutable(): Promise<string> {
  const launcher = join(import.meta.dirname, "launcher");
  const named = process.env["OPSVI_VSCODE"];
  if (named === "server") return launcher;
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return named;
    throw new Error(`OPSVI_VSCODE names ${named}, where there is no file.`);
  }
  if (!hasDisplay() || !(await canDownload())) return launcher;
  return downloadAndUnzipVSCode({ version: "stable", cachePath: CACHE });
}

export const hasDisplay = () =>
  process.platform !== "linux" ||
  (process.env["DISPLAY"] ?? "") !== "" ||
  (process.env["WAYLAND_DISPLAY"] ?? "") !== "";

async function canDownload(): Promise<boolean> {
  try {
    return (await fetch(RELEASES, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
