import type { CheckpointDraft } from "../../../../src/runtime/index.ts";

/** A draft of agent "worker" that a test changes where it matters. */
export const draft = (changes: Partial<CheckpointDraft> = {}): CheckpointDraft => ({
  agent: "worker",
  agentType: "unit",
  label: "started",
  state: "busy",
  context: { step: 1 },
  task: { q: "x" },
  parentId: null,
  runId: "run-1",
  ...changes,
});
