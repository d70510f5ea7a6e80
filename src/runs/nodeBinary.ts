import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../model/userError.ts";

const OLDEST = [20, 19] as const;
export const OLDEST_NODE = OLDEST.join(".");
const ANSWER_MS = 15_000;

export interface NodeBinary {
  path: string;
  /** Without "v", for example "20.19.4". */
  version: string;
  /** Variables it needs in its environment. */
  env: Record<string, string>;
}

interface Wishes {
  /** The setting `opsviAgents.nodePath`; empty or undefined: not set. */
  setting?: string | undefined;
  /** VS Code's own executable, where there is one. */
  fallback?: string | undefined;
  env?: NodeJS.ProcessEnv;
  /** The workspace folder: version managers choose by it. */
  cwd?: string | undefined;
}

/** The Node that agents run under: the setting, else the one on PATH, else the fallback. Rejects with a UserError where none is usable. */
export async function findNode({ setting, fallback, env = process.env, cwd }: Wishes): Promise<NodeBinary> {
  if (setting !== undefined && setting.trim() !== "") {
    const path = isAbsolute(setting) ? setting : await onPath(setting, env);
    if (path === null)
      throw new UserError(`There is no ${setting}: correct the setting opsviAgents.nodePath.`);
    return await inspect(path, { cwd, env, whose: "The setting opsviAgents.nodePath names" });
  }
  const path = await onPath("node", env);
  if (path !== null) return await inspect(path, { cwd, env, whose: "On PATH is" });
  if (fallback === undefined) {
    throw new UserError(
      `No Node.js was found on PATH: install Node ${OLDEST_NODE} or newer, or name it in the setting opsviAgents.nodePath.`,
    );
  }
  const extra = { ELECTRON_RUN_AS_NODE: "1" };
  const node = await inspect(fallback, { cwd, env: { ...env, ...extra }, whose: "VS Code brings" });
  return { ...node, env: extra };
}

async function inspect(
  path: string,
  { cwd, env, whose }: { cwd: string | undefined; env: NodeJS.ProcessEnv; whose: string },
): Promise<NodeBinary> {
  const script = "JSON.stringify([process.execPath, process.versions.node])";
  if (path === process.execPath && process.versions.electron === undefined) {
    return { path, version: process.versions.node, env: {} };
  }
  let answer: unknown;
  try {
    const options = { cwd, env: { ...env, NODE_OPTIONS: "" }, timeout: ANSWER_MS, windowsHide: true };
    answer = JSON.parse((await promisify(execFile)(path, ["-p", script], options)).stdout);
  } catch {
    throw new UserError(
      `${whose} ${path}, which cannot be run as Node.js: correct the setting opsviAgents.nodePath.`,
    );
  }
  const [execPath, version] = Array.isArray(answer) ? answer.map(String) : [];
  if (execPath === undefined || version === undefined || !isSupported(version)) {
    throw new UserError(
      `${whose} Node ${version ?? "of an unknown version"} (${path}), but agents need ${OLDEST_NODE} or newer: name a newer one in the setting opsviAgents.nodePath.`,
    );
  }
  return { path: execPath, version, env: {} };
}

export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const windows = process.platform === "win32";
  const key = Object.keys(env).find((variable) => variable.toUpperCase() === "PATH") ?? "PATH";
  const file = windows && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  for (const folder of (env[key] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder.replace(/^"(.*)"$/, "$1"), file);
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return path;
  }
  return null;
}
