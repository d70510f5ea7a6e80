import type { AgentRecord } from "../model/agentRecord.ts";
import type { AsyncSplit, Census } from "../model/census.ts";
import { capabilityOf, executionMethod, type CapabilityName } from "../runtime/core/dispatch.ts";
import { classKey, type Counted, type CountedFolder } from "./folders.ts";

const CAPABILITIES: readonly CapabilityName[] = [
  "lifecycle",
  "task_execution",
  "tool_usage",
  "memory_access",
  "messaging",
  "orchestration",
  "planning",
  "streaming",
];

/** Own methods only: an inherited one counts where it is declared, so that nothing counts twice. */
export function countMethods(agents: readonly Counted[]): Census["methods"] {
  const all = none();
  const capabilities: Record<string, AsyncSplit> = Object.fromEntries(
    CAPABILITIES.map((name) => [name, none()]),
  );
  for (const { record } of agents) {
    const proofs = new Map(
      record.capabilities.filter(({ own }) => own).map(({ method, name }) => [method, name]),
    );
    for (const method of record.methods) {
      count(all, method.async);
      const name = proofs.get(method.name) ?? capabilityOf(method.name);
      if (name !== null) count((capabilities[name] ??= none()), method.async);
    }
  }
  return { ...all, capabilities };
}

/** Whether the method that a task goes to is declared `async`, for an inherited one in the class it comes from. */
export function countEntryPoints(
  agents: readonly Counted[],
  folders: readonly CountedFolder[],
): Census["entryPoints"] {
  const known = new Map<string, AgentRecord>();
  for (const { name, snapshot } of folders)
    for (const record of [...snapshot.rejected, ...snapshot.agents])
      known.set(classKey(name, record.file_path, record.name), record);
  const counted = { ...none(), none: 0 };
  for (const { folder, record } of agents) {
    const entry = entryPointOf(record);
    const from =
      entry === null || entry.from === null
        ? record
        : known.get(classKey(folder, entry.from.file_path, entry.from.from));
    const method = from?.methods.find(({ name }) => name === entry?.name);
    if (method === undefined) counted.none += 1;
    else count(counted, method.async);
  }
  return counted;
}

function entryPointOf({ methods, inherited_methods }: AgentRecord) {
  const own = methods.map(({ name }) => ({ name, from: null }));
  const inherited = inherited_methods.map((from) => ({ name: from.name, from }));
  const possible = [...own, ...inherited].filter(({ name }) => {
    const capability = capabilityOf(name);
    return capability === "task_execution" || capability === "streaming";
  });
  const entry = executionMethod(possible.map(({ name }) => name));
  return possible.find(({ name }) => name === entry) ?? null;
}

const none = (): AsyncSplit => ({ async: 0, sync: 0 });

function count(split: AsyncSplit, async: boolean): void {
  split[async ? "async" : "sync"] += 1;
}
