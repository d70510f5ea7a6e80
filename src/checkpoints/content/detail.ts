import type { CheckpointDetail } from "../../model/checkpoints.ts";
import type { Entry } from "../listing/entry.ts";
import type { CheckpointLists } from "../view/lists.ts";
import { fileOf, inspect } from "./inspect.ts";
import { runOf } from "./runOf.ts";
import { redactedIn } from "./walk.ts";

const mostPaths = 200;
const mostChildren = 200;

/** All that is known of one checkpoint. */
export function detail(lists: CheckpointLists, entry: Entry): CheckpointDetail {
  const { hash, file, withheld } = inspect(entry);
  const parent = entry.parentId === null ? null : (lists.inFolder(entry, entry.parentId) ?? null);
  const content =
    file === null || withheld !== null
      ? null
      : { context: file.context, task: file.task, answers: file.answers ?? null };
  return {
    summary: lists.summary(entry),
    file: fileOf(entry),
    hash,
    content,
    withheld,
    redacted: content === null ? [] : redactedIn(content, mostPaths).pointers,
    lost: (file?.lost ?? []).slice(0, mostPaths),
    run: runOf(entry),
    parent: parent === null ? null : lists.summary(parent),
    children: lists
      .childrenOf(entry)
      .slice(0, mostChildren)
      .map((child) => lists.summary(child)),
    note:
      entry.parentId !== null && parent === null
        ? `The history is not complete: there is no ${entry.parentId}.`
        : null,
  };
}
