import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { UserError } from "../model/userError.ts";

/** What `tsc` prints of a configuration, with paths relative to `root`. */
export async function runTsc(tsc: string, config: string, root: string): Promise<string> {
  const args = [tsc, "--noEmit", "--pretty", "false", "-p", config];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  // 1 and 2: there are problems, and the output names them.
  if (code === 0 || ((code === 1 || code === 2) && output !== "")) return output;
  const last = (errors || output).trim().split("\n").at(-1)?.replace(/\.$/, "") ?? "";
  throw new UserError(
    `The project's TypeScript could not check ${config}: ${last || "it ended without a word"}.`,
  );
}
