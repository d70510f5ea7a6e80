import type {
  Excuse,
  ParityDifference,
  ParityReport,
  ParityResult,
  ParityRun,
  ParitySide,
} from "../model/parity.ts";
import { differencesOf, valueAt, type Difference } from "./parityDifferences.ts";

/** Compares what was seen of a class and of its adapter. */
export function parityReport(
  agent: Pick<ParityReport, "file_path" | "name" | "adapter">,
  runs: readonly ParityRun[],
): ParityReport {
  const tasks = runs.map(parityResult);
  return { ...agent, tasks, same: tasks.every(({ same }) => same) };
}

export function parityResult({ task, args, legacy, adapter, again }: ParityRun): ParityResult {
  const varying = again === null ? [] : compare(legacy, again);
  const differences = compare(legacy, adapter).map(({ path, left, right, absent }): ParityDifference => ({
    path: path.join("."),
    ...(absent !== "left" && { legacy: left }),
    ...(absent !== "right" && { adapter: right }),
    excuse: excuseOf({ path, left, right, absent }, varying, adapter),
  }));
  const same = differences.every(({ excuse }) => excuse !== null);
  return { task, args, legacy, adapter, differences, same };
}

/** What of a side is compared: how it ended, what came out, and what it left behind. */
const compared = ({ end, value, error, after, task }: ParitySide) => ({
  end,
  ...(value !== undefined && { value }),
  ...(error !== undefined && { error }),
  ...(after !== undefined && { state: after }),
  ...(task !== undefined && { task }),
});

/** What one of them left behind is unknown where it was stopped: that it was is difference enough. */
function compare(a: ParitySide, b: ParitySide): Difference[] {
  const unknown = ({ path: [part, ...rest], absent }: Difference) =>
    absent !== null && rest.length === 0 && (part === "state" || part === "task");
  return differencesOf(compared(a), compared(b)).filter((difference) => !unknown(difference));
}

function excuseOf(
  difference: Difference,
  varying: readonly Difference[],
  adapter: ParitySide,
): Excuse | null {
  if (varying.some((one) => covers(one, difference))) return "varies by itself";
  const [part, ...path] = difference.path;
  const failed = part === "state" && adapter.end === "threw";
  const now = failed && valueAt(adapter.after, path);
  if (failed && differencesOf({ at: valueAt(adapter.before, path) }, { at: now }).length === 0)
    return "rolled back";
  return null;
}

/** Whether what varies is the same place or one around it, or another key of the same record. */
function covers(one: Difference, { path, absent }: Difference): boolean {
  if (startsWith(path, one.path)) return true;
  const areKeys =
    one.absent !== null && absent !== null && path.length > 1 && path.length === one.path.length;
  return areKeys && startsWith(path, one.path.slice(0, -1));
}

const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((key, index) => path[index] === key);
