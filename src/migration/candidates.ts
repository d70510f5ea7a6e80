import type { AgentRecord } from "../model/agentRecord.ts";

/** Whether an agent of the index takes part when all are migrated: adapters and what is no class do not. */
export function isCandidate({ kind, adapts }: AgentRecord): boolean {
  return kind === "class" && adapts === null;
}

/** Why one that does is left as it is without being planned for; null where it is planned for. */
export function whyLeft({ test, name }: AgentRecord, { tests }: { tests: boolean }): string | null {
  return test && !tests ? `${name === "" ? "A class without a name" : name} stands in a test file.` : null;
}
