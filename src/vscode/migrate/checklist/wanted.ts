import { join } from "node:path";
import { isCandidate, whyLeft } from "../../../migration/candidates.ts";
import type { AgentRecord } from "../../../model/agentRecord.ts";
import type { WantedClass } from "./prepared.ts";

/** Every agent of a folder that can come into question; what is migrated already needs nothing. */
export function allWanted(root: string, agents: readonly AgentRecord[]): WantedClass[] {
  return agents
    .filter((record) => isCandidate(record) && !record.migrated)
    .map((record) => wanted(root, record, whyLeft(record, { tests: false })));
}

/** Those that users name, tests too; an adapter stands for its class. */
export function selectedWanted(root: string, selected: readonly AgentRecord[]): WantedClass[] {
  return selected.filter(isCandidate).map((record) => wanted(root, record, null));
}

function wanted(root: string, { file_path, name, lineno }: AgentRecord, left: string | null): WantedClass {
  return { file_path, name, line: lineno, left, request: { file: join(root, file_path), name } };
}
