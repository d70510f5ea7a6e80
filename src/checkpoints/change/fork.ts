import type { ForkRequest, ForkResult } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { decode } from "../../runtime/checkpoint/decode.ts";
import { Recorder } from "../../runtime/checkpoint/recorder.ts";
import { redact } from "../../runtime/checkpoint/redact.ts";
import { referencesIn, isTagged } from "../content/references.ts";
import { stored } from "../content/stored.ts";
import { redactedIn, walk } from "../content/walk.ts";
import type { Entry } from "../listing/entry.ts";
import type { FolderListing } from "../listing/folderListing.ts";
import { newestReadable } from "./restore.ts";
import { shapeDifference } from "./shape.ts";
import { CheckpointWriter } from "./writer.ts";

const longest = 64 * 2 ** 20;
const limits = { most: 5_000_000, deepest: 1_000 };

/** Adds a checkpoint that follows another one, with another context or task, for a run to go on from. */
export function fork(listing: FolderListing, entry: Entry, request: ForkRequest): ForkResult {
  const { file } = stored(entry, "forked");
  const context = edited("context", request.context, file.context);
  const task = edited("task", request.task, file.task);
  const { agent } = file;
  const made = { ...file, context, task };
  const isEdited = request.context !== undefined || request.task !== undefined;
  if (isEdited) {
    made.redactions = redactedIn({ context, task, answers: file.answers }, 0).count;
    made.lost = [...lostIn("context", context), ...lostIn("task", task)];
  }
  const writer = new CheckpointWriter(listing, true);
  const summary = writer.locked("forked", () => {
    const seal = () => new Recorder().fork(made, { agent, runId: null, label: "fork" });
    return writer.append(agent, seal);
  });
  const newest = newestReadable(listing, entry);
  const difference = newest === null ? null : shapeDifference(context, newest.context);
  const warnings = difference === null ? [] : [`Agent "${agent}" may not take this state: ${difference}.`];
  return { folder: entry.home.folder.folder, id: summary.id, agent, task, warnings };
}

/** Throws a UserError that tells what of an edit is wrong. */
function edited(field: "context" | "task", text: string | undefined, before: unknown): unknown {
  if (text === undefined) return before;
  const refused = (why: string) => new UserError(`The ${field} cannot be used: ${why}.`);
  if (text.length > longest) throw refused("it is larger than 64 MiB");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused(`it is not JSON (${(error as Error).message})`);
  }
  const size = walk(json, () => undefined, limits);
  if (size !== "whole") throw refused(size === "deep" ? "it is nested too deep" : "it has too many values");
  try {
    decode(json);
  } catch (error) {
    throw refused((error as Error).message);
  }
  const moved = movedReference(before, json);
  if (moved !== null) throw refused(moved);
  return redact(json).value;
}

/** References are numbers: what is put in before their object would make them stand for another one. */
function movedReference(before: unknown, now: unknown): string | null {
  const [old, fresh] = [referencesIn(before).targets, referencesIn(now).targets];
  for (const [at, target] of fresh) {
    const was = old.get(at);
    if (was !== undefined && was !== target)
      return `the reference at ${at} stood for ${was === "" ? "/" : was}, and would now stand for ${target === "" ? "/" : target}; put a copy there in place of the reference`;
  }
  return null;
}

function lostIn(field: string, json: unknown): string[] {
  const lost: string[] = [];
  walk(
    json,
    (value, pointer) => {
      if (isTagged(value) && value.$type === "lost")
        lost.push(
          `${field}${pointer().replaceAll("/", ".")} (${typeof value.value === "string" ? value.value : "unknown"})`,
        );
    },
    limits,
  );
  return lost;
}
