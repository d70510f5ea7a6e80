import { InvalidArgumentError, type Command } from "commander";
import type { StartRequest } from "../runs/runService.ts";
import type { RetentionPolicy } from "../model/checkpoints.ts";
import { ENV_OPTION } from "./environment.ts";
import { RETENTION_OPTION } from "./retentionOption.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** What every command that runs agents lets one say of each run. */
export interface RunOptions {
  retries: number;
  timeout?: number;
  memory?: number;
  logLimit?: number;
  resultLimit?: number;
  env?: string;
  retention?: RetentionPolicy;
  autoFix?: true;
}

export const AUTO_FIX_OPTION = [
  "--auto-fix",
  "where a run fails with a known error, run it again with what is known to help (default: off)",
] as const;

export function addRunOptions(command: Command): Command {
  return command
    .option("--retries <n>", "further attempts of a run after a failure", wholeNumber(0), 0)
    .option("--timeout <ms>", "stop a run after so many milliseconds", wholeNumber(1))
    .option("--memory <mib>", "stop a run whose agent takes more memory (default: 1024)", wholeNumber(1))
    .option("--log-limit <mib>", "keep so much of what an agent writes (default: 8)", positive)
    .option("--result-limit <mib>", "let a run fail that returns more (default: 16)", positive)
    .option(...ENV_OPTION)
    .option(...RETENTION_OPTION)
    .option(...AUTO_FIX_OPTION);
}

type Asked = Pick<StartRequest, "retries" | "timeoutMs" | "memoryMb" | "logMb" | "resultMb">;

export function runOptions({ retries, timeout, memory, logLimit, resultLimit }: RunOptions): Asked {
  return { retries, timeoutMs: timeout, memoryMb: memory, logMb: logLimit, resultMb: resultLimit };
}

function positive(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("It takes a number above 0.");
}
