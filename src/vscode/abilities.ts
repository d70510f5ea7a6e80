import type { AgentRecord } from "../model/agentRecord.ts";
import { isComponent } from "../model/componentFile.ts";

/** An abstract class cannot be made, a component not be loaded; an adapter stands for the class it wraps. */
export function canBeRun({ abstract, adapts, file_path: file }: AgentRecord): boolean {
  return !abstract && adapts === null && !isComponent(file);
}

/** Offered where nobody has chosen it yet; in the tree and by its name it can be run all the same. */
export function isOffered(record: AgentRecord): boolean {
  return canBeRun(record) && record.exported !== null && !record.test;
}

/** Only a class gets an adapter, and only one. */
export function canBeMigrated(record: AgentRecord): boolean {
  return record.kind === "class" && !record.migrated && canBeRun(record);
}

/** An adapter can fall behind its class. */
export function canBeUpdated(record: AgentRecord): boolean {
  return record.kind === "class" && record.migrated && canBeRun(record);
}

/** Whether nothing could tell the difference is found out when it is asked for. */
export function canBeRewritten(record: AgentRecord): boolean {
  return canBeMigrated(record) && record.language === "typescript" && record.bases.length === 0;
}
