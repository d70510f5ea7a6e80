import type { AgentRecord } from "../../src/model/agentRecord.ts";
import { capabilityNames } from "../../src/runtime/core/dispatch.ts";

/** A line of the table that `--capabilities` prints: agents by capability, own and inherited, and those with none. */
export function capabilityRow(name: string, agents: readonly AgentRecord[]): string {
  const none = agents.filter(({ capabilities }) => capabilities.length === 0).length;
  const share = agents.length === 0 ? "–" : `${((100 * none) / agents.length).toFixed(1)}%`;
  const counts = capabilityNames.map((capability) => {
    const proofs = agents.flatMap(({ capabilities }) =>
      capabilities.filter((proof) => proof.name === capability),
    );
    const own = proofs.filter((proof) => proof.own).length;
    return `${own}+${proofs.length - own}`.padStart(capability.length);
  });
  return [
    name.padEnd(22),
    String(agents.length).padStart(6),
    `${none}`.padStart(5),
    share.padStart(6),
    ...counts,
  ].join("  ");
}

export const capabilityHead = [
  "own+inherited".padEnd(22),
  "agents",
  " none",
  "      ",
  ...capabilityNames,
].join("  ");
