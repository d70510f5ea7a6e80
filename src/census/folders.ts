import type { AgentRecord, BaseLink } from "../model/agentRecord.ts";
import type { IndexSnapshot } from "../model/indexerProtocol.ts";

/** One workspace folder to be counted. */
export interface CountedFolder {
  name: string;
  snapshot: IndexSnapshot;
}

/** An agent with the name of its workspace folder. */
export interface Counted {
  folder: string;
  record: AgentRecord;
}

/** Adapters are ours: the class they wrap is the agent. */
export function agentsOf(folders: readonly CountedFolder[], { tests }: { tests: boolean }): Counted[] {
  return folders.flatMap(({ name, snapshot }) =>
    snapshot.agents
      .filter(({ adapts, test }) => adapts === null && (tests || !test))
      .map((record) => ({ folder: name, record })),
  );
}

/** The same for a class and for every link of a heritage that leads to it. */
export const classKey = (folder: string, file: string, name: string): string => `${folder}|${file}#${name}`;

/** One base class of a package is the same in every workspace folder. */
export function baseKey(folder: string, { name, file_path, module }: BaseLink): string {
  if (file_path !== null) return classKey(folder, file_path, name);
  return `${module === null ? "" : moduleName(module)}#${name}`;
}

/** "events" and "node:events" are one module. */
export const moduleName = (module: string): string => module.replace(/^node:/, "");

export const keyOf = ({ folder, record }: Counted): string => classKey(folder, record.file_path, record.name);

/** What a class extends, also where it could not be resolved. */
export function directBase({ base_chain, bases }: AgentRecord): BaseLink | null {
  const [written] = bases;
  return base_chain[0] ?? (written === undefined ? null : { name: written, file_path: null, module: null });
}
