import type { CheckpointList } from "../../model/checkpoints.ts";
import type { Entry } from "../listing/entry.ts";

type Totals = Pick<CheckpointList, "checkpoints" | "bytes" | "pinned" | "all" | "agents" | "states">;

/** What the header tells. */
export function totalsOf(all: readonly Entry[], matching: readonly Entry[]): Totals {
  let bytes = 0;
  let pinned = 0;
  for (const entry of matching) {
    bytes += entry.bytes ?? 0;
    if (entry.home.isPinned(entry.id)) pinned += 1;
  }
  const agents = new Map<string, { agent: string; checkpoints: number; bytes: number }>();
  const states = new Map<string, number>();
  for (const entry of all) {
    const { agent, state } = entry;
    const figures = agents.get(agent) ?? { agent, checkpoints: 0, bytes: 0 };
    agents.set(agent, figures);
    figures.checkpoints += 1;
    figures.bytes += entry.bytes ?? 0;
    if (entry.known) states.set(state, (states.get(state) ?? 0) + 1);
  }
  return {
    ...{ checkpoints: matching.length, bytes, pinned, all: all.length },
    agents: [...agents.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1)),
    states: [...states].map(([state, checkpoints]) => ({ state, checkpoints })),
  };
}
