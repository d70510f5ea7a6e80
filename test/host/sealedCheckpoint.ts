import { createHash } from "node:crypto";

/** JSON text as a checkpoint file of agent B has it, with the hash that fits. Fields are given as JSON text. */
export function sealedCheckpoint(id: string, fields: Record<string, string> = {}): string {
  const all = {
    ...{ schemaVersion: "1", id: `"${id}"`, parentId: "null", runId: "null", agent: '"B"' },
    ...{ agentType: '"custom"', label: '"forged"', state: '"ready"', timestamp: "1733000000.5" },
    ...{ createdAt: '"2024-12-01T00:00:00.000Z"', redactions: "0", lost: "[]", stateVersion: "1" },
    ...{ context: '{"n":1}', task: "null" },
    ...fields,
  };
  const text = Object.entries(all).map(([name, value]) => `"${name}":${value}`);
  const open = `{${text.join(",")}`;
  const hash = createHash("sha256").update(`${open}}`).digest("hex");
  return `${open},"hash":"${hash}"}`;
}
