import type { AgentRecord } from "./agentRecord.ts";
import { runName } from "./agentRef.ts";

/** The state versions that classes say, by the names that their checkpoints carry. */
export function stateVersionsOf(agents: readonly AgentRecord[]): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const { file_path: file, name, state_version: version } of agents)
    if (version !== undefined) versions[runName({ file, name })] = version;
  return versions;
}
