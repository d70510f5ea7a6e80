import type { AgentRecord } from "../model/agentRecord.ts";

/** An abstract class cannot be made; an adapter stands for the class it wraps. */
export function canBeRun({ abstract, adapts }: AgentRecord): boolean {
  return !abstract && adapts === null;
}

/** Only a class gets an adapter, and only one. */
export function canBeMigrated(record: AgentRecord): boolean {
  return record.kind === "class" && !record.migrated && canBeRun(record);
}
