import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Checkpoint, CheckpointDraft } from "../core/checkpointStore.ts";
import type { RecordedAnswer } from "../core/question.ts";
import { REDACTED } from "../core/redacted.ts";
import { decode, encode } from "./codec.ts";
import { isSecretKey, redact, redactText } from "./redact.ts";
import { Checkpoint as CheckpointFile, checkpointVersion } from "./schema.ts";

/** The single way from a draft to what is stored: encoded, redacted, identified, hashed. */
export function toFile(draft: CheckpointDraft, now: number): { file: CheckpointFile; text: string } {
  const context = encode(draft.context, "context");
  const task = encode(draft.task, "task");
  const safeContext = redact(context.json);
  const safeTask = redact(task.json);
  const answers = draft.answers === undefined ? null : redactAnswers(draft.answers);
  const label = draft.label === null ? null : redactText(draft.label);
  const content = {
    schemaVersion: checkpointVersion as typeof checkpointVersion,
    id: uuidv7(),
    parentId: draft.parentId,
    runId: draft.runId,
    agent: draft.agent,
    agentType: draft.agentType,
    label: label?.text ?? null,
    state: draft.state,
    context: safeContext.value,
    task: safeTask.value,
    timestamp: now / 1000,
    createdAt: new Date(now).toISOString(),
    redactions: safeContext.count + safeTask.count + (answers?.count ?? 0) + (label?.count ?? 0),
    lost: [...context.lost, ...task.lost],
    ...(draft.stateVersion === undefined ? {} : { stateVersion: draft.stateVersion }),
    ...(answers === null ? {} : { answers: answers.value }),
  } satisfies Omit<CheckpointFile, "hash">;
  const body = JSON.stringify(content);
  const hash = hashOf(body);
  return { file: { ...content, hash }, text: `${body.slice(0, -1)},"hash":"${hash}"}` };
}

type StoredAnswers = NonNullable<CheckpointFile["answers"]>;

/** "Which API key?" says of its answer what a key says of its value. */
function redactAnswers(answers: readonly RecordedAnswer[]): { value: StoredAnswers; count: number } {
  const redacted = redact(answers);
  let { count } = redacted;
  const value = (redacted.value as StoredAnswers).map(({ question, answer }) => {
    const secret = question.kind === "text" && isSecretKey(question.message);
    if (!secret || answer === "" || answer === REDACTED) return { question, answer };
    count += 1;
    return { question, answer: REDACTED };
  });
  return { value, count };
}

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
  // The hash is over what was written, before defaults and unknown fields.
  const { hash, ...content } = json as Record<string, unknown>;
  if (hash !== hashOf(JSON.stringify(content))) throw new Error("its content does not match its hash");
  return parsed.data;
}

/** What a store answers with: decoded, and a copy. */
export function toCheckpoint(file: CheckpointFile): Checkpoint {
  const { answers } = file;
  return {
    ...file,
    lost: [...file.lost],
    context: decode(file.context),
    task: decode(file.task),
    ...(answers === undefined ? {} : { answers: structuredClone(answers) }),
  };
}

/** Over compact JSON of all fields but the hash, in the order of the file; white space may be changed. */
function hashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
