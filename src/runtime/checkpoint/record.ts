import { hash as digest } from "node:crypto";
import { newId } from "./newId.ts";
import type { Checkpoint, CheckpointDraft, CheckpointSummary } from "../core/checkpointStore.ts";
import { decode } from "./decode.ts";
import type { Encoder } from "./encode.ts";
import { StoreError } from "../storeError.ts";
import { redactAnswers, redactText } from "./redact.ts";
import { Checkpoint as CheckpointFile, CheckpointFields, checkpointVersion } from "./schema.ts";

/** What is stored: a summary without its hash, and JSON of all fields but the hash, without the closing brace. */
export interface Unsealed {
  summary: Omit<CheckpointSummary, "hash">;
  open: string;
}

/** The single way from a draft to what is stored: checked, identified, encoded, redacted. */
export function toRecord(draft: CheckpointDraft, encoder: Encoder, now: number): Unsealed {
  check(draft);
  const context = encoder.encode(draft.context, "context");
  const task = encoder.encode(draft.task, "task");
  const label = draft.label === null ? null : redactText(draft.label);
  const answers = draft.answers === undefined ? null : redactAnswers(draft.answers);
  const summary = {
    ...identify(draft, now),
    label: label?.text ?? null,
    redactions: context.redactions + task.redactions + (label?.count ?? 0) + (answers?.count ?? 0),
    lost: [...context.lost, ...task.lost],
  };
  return open(summary, context.text, task.text, answers === null ? null : JSON.stringify(answers.value));
}

/** What a fork of a stored checkpoint has of its own. */
export type ForkChanges = Pick<CheckpointDraft, "agent" | "runId" | "label">;

/** A copy of a stored checkpoint that follows it; what is encoded already stays as it is. */
export function toFork(file: CheckpointFile, changes: ForkChanges, now: number): Unsealed {
  check({ ...file, ...changes });
  const { redactions, lost } = file;
  const label = changes.label === null ? null : redactText(changes.label);
  const summary = {
    ...identify({ ...file, ...changes, parentId: file.id }, now),
    label: label?.text ?? null,
    redactions: redactions + (label?.count ?? 0),
    lost,
  };
  const answers = file.answers === undefined ? null : JSON.stringify(file.answers);
  return open(summary, JSON.stringify(file.context), JSON.stringify(file.task), answers);
}

/** Whose checkpoint it is to be; throws a {@link StoreError} where that cannot be said. */
export function agentOf(draft: CheckpointDraft): string {
  const agent: unknown = (draft as CheckpointDraft | null | undefined)?.agent;
  if (typeof agent === "string") return agent;
  throw new StoreError("A checkpoint cannot be saved: it needs the name of its agent.");
}

/** What is saved must be readable again. */
function check(draft: Omit<CheckpointDraft, "context" | "task">): void {
  const issue = CheckpointFields.safeParse(draft).error?.issues[0];
  if (issue === undefined) return;
  const field = issue.path.join(".");
  throw new StoreError(
    `A checkpoint of agent "${draft.agent}" cannot be saved: its ${field} is wrong (${issue.message}).`,
  );
}

function identify(draft: Omit<CheckpointDraft, "context" | "task" | "label" | "answers">, now: number) {
  const { parentId, runId, agent, agentType, state, stateVersion } = draft;
  return {
    schemaVersion: checkpointVersion as typeof checkpointVersion,
    id: newId(now),
    parentId,
    runId,
    agent,
    agentType,
    label: null as string | null,
    state,
    timestamp: now / 1000,
    createdAt: new Date(now).toISOString(),
    ...(stateVersion === undefined ? {} : { stateVersion }),
  };
}

function open(summary: Unsealed["summary"], context: string, task: string, answers: string | null): Unsealed {
  const head = JSON.stringify(summary).slice(0, -1);
  const tail = answers === null ? "" : `,"answers":${answers}`;
  return { summary, open: `${head},"context":${context},"task":${task}${tail}` };
}

/** The hash is over compact JSON of all fields but itself, in the order of the file; white space may be changed. */
export const hashOf = (body: string | Uint8Array): string => digest("sha256", body, "hex");

/** What follows {@link Unsealed.open} in a file. */
export const closing = (hash: string): string => `,"hash":"${hash}"}`;
const closingLength = closing("0".repeat(64)).length;

/** Reads the text of a file; throws where it is torn, foreign, changed, or of a newer schema. */
export function fromText(text: string): CheckpointFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("it is not complete JSON");
  }
  const version = (json as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === "number" && version > checkpointVersion) {
    throw new Error(
      `it has schema version ${version}, newer than this version of opsvi-agents reads; update it`,
    );
  }
  const parsed = CheckpointFile.safeParse(json);
  if (!parsed.success) throw new Error("it is not a checkpoint");
  if (!hasItsHash(text, json as Record<string, unknown>)) {
    throw new Error("its content does not match its hash");
  }
  return parsed.data;
}

function hasItsHash(text: string, { hash, ...content }: Record<string, unknown>): boolean {
  if (text.endsWith(closing(String(hash))) && hashOf(`${text.slice(0, -closingLength)}}`) === hash)
    return true;
  // The hash is over what was written, before defaults and unknown fields.
  return hash === hashOf(JSON.stringify(content));
}

/** What a store answers with: decoded, and a copy. */
export function toCheckpoint(file: CheckpointFile): Checkpoint {
  return { ...file, lost: [...file.lost], context: decode(file.context), task: decode(file.task) };
}
