import { isDeepStrictEqual } from "node:util";
import type { ProposedFix, RunDifference } from "../model/patterns.ts";
import { isObject, mergePatch } from "./mergePatch.ts";

/** What a run was asked for and what came of it, as far as that tells one from the next. */
export interface RunFacts {
  runId: string;
  /** FILE#Class and the tool that was called alone: runs of the same are compared. */
  of: string;
  task: unknown;
  args: readonly unknown[];
  timeoutMs: number | null;
  memoryMb: number | null;
  /** ISO */
  queuedAt: string;
  /** ISO; null while it is at work. */
  endedAt: string | null;
  status: string | null;
  /** The signature of the error that ended it. */
  signature: string | null;
  /** Attempts that failed and were followed by another one. */
  retries: readonly { signature: string | null; delayMs: number }[];
  /** The run that it resumes, and whether it goes on from a checkpoint. */
  resumes: string | null;
  fromCheckpoint: boolean;
}

const mostWords = 200;
const mostChanges = 3;
const longestDelayMs = 60 * 60 * 1000;
/** What comes later has nothing to do with it. */
const followsWithinMs = 24 * 60 * 60 * 1000;

/**
 * What followed errors and helped: another attempt, the run that resumed it, or the next run of the same agent that was
 * asked for something else. A difference that never passed is no proposal.
 * @param runs the oldest first
 */
export function proposalsFrom(runs: readonly RunFacts[]): ProposedFix[] {
  const found = new Map<string, ProposedFix>();
  const count = (signature: string, difference: RunDifference, run: RunFacts, passed: boolean): void => {
    const key = `${signature}\0${difference.fix}`;
    const known = found.get(key) ?? {
      ...difference,
      ...{ signature, tried: 0, passed: 0, lastUsed: "", runId: run.runId },
    };
    found.set(key, {
      ...known,
      tried: known.tried + 1,
      passed: known.passed + (passed ? 1 : 0),
      lastUsed: run.endedAt ?? run.queuedAt,
      runId: passed ? run.runId : known.runId,
    });
  };
  const failed = new Map<string, RunFacts>();
  for (const run of runs) {
    for (const [index, { signature, delayMs }] of run.retries.entries()) {
      const passed = index === run.retries.length - 1 && run.status === "success";
      if (signature !== null) count(signature, again(delayMs), run, passed);
    }
    const before =
      run.resumes === null ? failed.get(run.of) : runs.find(({ runId }) => runId === run.resumes);
    if (before !== undefined && before.signature !== null && run.status !== null) {
      const difference = differenceOf(before, run);
      const isAnswer = run.status === "success" || run.signature === before.signature;
      if (difference !== null && isAnswer) count(before.signature, difference, run, run.status === "success");
    }
    if (run.signature === null) failed.delete(run.of);
    else failed.set(run.of, run);
  }
  return [...found.values()].filter(({ passed }) => passed > 0);
}

function differenceOf(before: RunFacts, after: RunFacts): RunDifference | null {
  if (after.resumes !== null) {
    return after.fromCheckpoint
      ? { fix: "Resume the run from its last checkpoint.", action: { type: "restoreCheckpoint" } }
      : again(0);
  }
  const gap = Date.parse(after.queuedAt) - Date.parse(before.endedAt ?? before.queuedAt);
  if (!(gap >= 0 && gap <= followsWithinMs)) return null;
  const task = taskChange(before.task, after.task);
  if (task === null) return null;
  const changes: RunDifference[] = [...task];
  if (before.timeoutMs !== after.timeoutMs) changes.push(timeoutChange(after.timeoutMs));
  if (before.memoryMb !== after.memoryMb)
    changes.push({
      fix: after.memoryMb === null ? "Run without a memory limit." : `Allow ${after.memoryMb} MB of memory.`,
    });
  if (!isDeepStrictEqual(before.args, after.args))
    changes.push({ fix: `Construct it with other arguments: ${words(after.args)}.` });
  const [first] = changes;
  if (first === undefined) return again(gap);
  return changes.length === 1 ? first : { fix: changes.map(({ fix }) => fix).join(" ") };
}

function again(delayMs: number): RunDifference {
  const seconds = Math.round(delayMs / 1000);
  // One solution for all that waited about as long.
  const waits = [1, 10, 60, 600, 3600].find((most) => seconds <= most);
  if (waits === undefined) return { fix: "Run it again later." };
  const fix = seconds < 1 ? "Run it again." : `Run it again within ${waitText(waits)}.`;
  return { fix, action: { type: "retryLater", delayMs: Math.min(delayMs, longestDelayMs) } };
}

const waitText = (seconds: number): string =>
  seconds < 60
    ? seconds === 1
      ? "a second"
      : `${seconds} seconds`
    : seconds === 60
      ? "a minute"
      : seconds === 600
        ? "10 minutes"
        : "an hour";

function timeoutChange(timeoutMs: number | null): RunDifference {
  if (timeoutMs === null) return { fix: "Run without a time limit." };
  return { fix: `Set a time limit of ${timeoutMs} ms.`, action: { type: "longerTimeout", ms: timeoutMs } };
}

/** Null where the tasks have nothing in common: what became of the second says nothing about the first. */
function taskChange(before: unknown, after: unknown): RunDifference[] | null {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return null;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => key !== "__proto__",
  );
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  if (changed.length > mostChanges || (changed.length === keys.length && keys.length > 1)) return null;
  if (changed.length === 0) return null;
  const fix = changed
    .map((key) =>
      after[key] === undefined
        ? `Leave ${key} out of the task.`
        : `Set ${key} of the task to ${words(after[key])}.`,
    )
    .join(" ");
  const task = mergePatch(before, after);
  return [task === null ? { fix } : { fix, action: { type: "patch", task } }];
}

function words(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > mostWords ? `${text.slice(0, mostWords)}…` : text;
}
