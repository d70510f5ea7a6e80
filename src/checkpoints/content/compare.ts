import type { CheckpointComparison } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import type { Entry } from "../listing/entry.ts";
import type { CheckpointLists } from "../view/lists.ts";
import { Comparer } from "./differences.ts";
import { inspect } from "./inspect.ts";
import { stableText } from "./stableText.ts";

interface Side {
  context: unknown;
  task: unknown;
  answers: unknown;
  about: Record<string, unknown>;
}

/** What differs between two checkpoints. */
export function compare(lists: CheckpointLists, a: Entry, b: Entry): CheckpointComparison {
  const [before, after] = [sideOf(a), sideOf(b)];
  return { a: lists.summary(a), b: lists.summary(b), ...differences(before, after) };
}

/** What differs between a checkpoint and the state that an agent has now, as tagged JSON. */
export function compareWithLive(lists: CheckpointLists, a: Entry, live: string): CheckpointComparison {
  const before = sideOf(a);
  let context: unknown;
  try {
    context = JSON.parse(live);
  } catch (error) {
    throw new UserError(`The state of the agent is no JSON: ${(error as Error).message}.`);
  }
  const after = { ...before, context, about: {} };
  return { a: lists.summary(a), b: null, ...differences({ ...before, about: {} }, after) };
}

function differences(a: Side, b: Side): Omit<CheckpointComparison, "a" | "b"> {
  const comparer = new Comparer();
  try {
    comparer.compare("/context", a.context, b.context);
    comparer.compare("/task", a.task, b.task);
    comparer.compare("/answers", a.answers, b.answers);
    comparer.compare("", a.about, b.about);
    return { texts: { a: textOf(a), b: textOf(b) }, ...comparer.result };
  } catch (error) {
    if (error instanceof RangeError)
      throw new UserError("These checkpoints are too large or nested too deep to be compared.");
    throw error;
  }
}

const textOf = ({ about, context, task, answers }: Side): string =>
  `${stableText({ ...about, context, task, ...(answers !== null && { answers }) })}\n`;

function sideOf(entry: Entry): Side {
  const { file, withheld, hash } = inspect(entry);
  if (file === null || withheld !== null)
    throw new UserError(
      file === null && hash.reason !== null
        ? `Checkpoint ${entry.id} cannot be compared: ${hash.reason}.`
        : `Checkpoint ${entry.id} cannot be compared. ${withheld ?? "It cannot be read."}`,
    );
  const { context, task, answers = null, agent, label, state, stateVersion = 1 } = file;
  return { context, task, answers, about: { agent, label, state, stateVersion } };
}
