import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { dist, type Workspace } from "./workspace.ts";

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The built command line, called in a workspace. */
export function commandLine(workspace: Workspace) {
  const start = (...args: string[]): { child: ChildProcess; ended: Promise<Ended> } => {
    const child = spawn(process.execPath, [join(dist, "cli.cjs"), ...args], { cwd: workspace.root });
    const ended = Promise.all([
      new Promise<number | null>((resolve) => child.once("close", resolve)),
      text(child.stdout),
      text(child.stderr),
    ]).then(([code, out, err]) => ({ code, out, err }));
    return { child, ended };
  };
  return { start, cli: (...args: string[]): Promise<Ended> => start(...args).ended };
}

/** Every line of standard output is a JSON object, or this throws. */
export const jsonLines = (out: string): unknown[] =>
  out
    .split("\n")
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
