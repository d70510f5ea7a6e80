import { InvalidArgumentError, type Command } from "commander";
import { agentLimitProblem, type AgentLimits } from "../model/agentLimits.ts";
import { Priority } from "../model/turn.ts";
import type { StartRequest } from "../runs/runService.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** When a run begins. */
export interface TurnOptions {
  priority?: number;
  delay?: number;
}

export function addTurnOptions(command: Command): Command {
  return command
    .option(
      "--priority <n>",
      "of the runs that wait, those with the greater one go first (default: 0)",
      priority,
    )
    .option("--delay <ms>", "begin a run only after so many milliseconds", wholeNumber(0));
}

export const turnOptions = ({
  priority,
  delay,
}: TurnOptions): Pick<StartRequest, "priority" | "delayMs"> => ({
  priority,
  delayMs: delay,
});

export const AGENT_LIMIT_OPTION = [
  "--agent-limit <agent=n>",
  "how many runs of an agent are at work at a time: FILE#Class, a class name, or either with * (repeatable)",
  agentLimit,
] as const;

function priority(text: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Priority.safeParse(value).success) return value;
  throw new InvalidArgumentError("It takes a whole number from -1000 to 1000.");
}

/** Adds one to those before. */
function agentLimit(text: string, before: AgentLimits = {}): AgentLimits {
  const [, agent = "", most = ""] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (agent === "") throw new InvalidArgumentError("It takes an agent and a number, such as Crawler=2.");
  const problem = agentLimitProblem(agent, Number(most));
  if (problem !== null) throw new InvalidArgumentError(problem);
  return { ...before, [agent]: Number(most) };
}
