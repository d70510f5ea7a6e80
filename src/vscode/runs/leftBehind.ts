import { counted } from "../../model/counted.ts";
import { displayName } from "../../model/displayName.ts";
import type { RunSummary } from "../../model/runSummary.ts";

/** What a window notes of a workspace folder while runs of it are at work there, for the window after it. */
export interface Busy {
  /** URI of the workspace folder. */
  folder: string;
  /** The process, as its records name it. */
  owner: string;
  /** The id of the first run: no older one is meant. */
  since: string;
  /** Runs since then of which the user saw that they were interrupted. */
  told: string[];
}

const MOST_NAMES = 3;

/** Of the runs of a window that is gone those that it left interrupted; steps go on with their pipeline. */
export const leftBehind = (runs: readonly RunSummary[], { since, told }: Busy): RunSummary[] =>
  runs.filter(
    ({ runId, state, resumedBy, step }) =>
      runId >= since &&
      state === "interrupted" &&
      resumedBy === null &&
      step === null &&
      !told.includes(runId),
  );

/**
 * "3 runs were interrupted when VS Code closed: EchoAgent (2), QuickAgent." Where all of them were with workers of a queue, they
 * go on there.
 */
export function leftBehindSentence(runs: readonly RunSummary[]): string {
  const times = new Map<string, number>();
  for (const { agent } of runs) {
    const name = displayName(agent.name);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const names = [...times].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  const more = names.length - MOST_NAMES;
  const told = names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const were = runs.length === 1 ? "was" : "were";
  const how = runs.every(({ worker }) => worker !== null) ? "left in the queue" : "interrupted";
  return `${counted(runs.length, "run")} ${were} ${how} when VS Code closed: ${told}.`;
}
