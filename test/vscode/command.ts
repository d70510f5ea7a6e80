import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}

/** Runs a command without standard input; rejects with its last lines of output when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<void> {
  const { cwd, env, timeoutMs = 600_000 } = options;
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `\`${[command, ...args].join(" ")}\` ended with ${signal ?? `code ${code ?? "unknown"}`}:\n${output.trim()}`,
          ),
        );
    });
  }).finally(() => clearTimeout(timer));
}

/** Runs npm under the Node that runs this. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_audit: "false", npm_config_fund: "false" };
  // npm sets it for the scripts it runs; a nested npm would take that folder for its own project.
  delete (env as NodeJS.ProcessEnv)["npm_config_local_prefix"];
  const cli = process.env["npm_execpath"];
  await (cli?.endsWith(".js") === true
    ? run(process.execPath, [cli, ...args], { cwd, env })
    : run(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd, env }));
}

/** The first of these commands on the PATH, as an absolute path. */
export function which(...names: readonly string[]): string | undefined {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const name of names)
    for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(Boolean))
      for (const suffix of suffixes) {
        const file = join(folder, name + suffix);
        if (isExecutable(file)) return file;
      }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
