import type { CheckpointQuery } from "../../model/checkpoints.ts";
import type { Entry } from "../listing/entry.ts";

/** Whether a query matches, by what is listed; null where all do. */
export function matcher(
  query: CheckpointQuery,
  found: ReadonlySet<string> | null,
): ((entry: Entry) => boolean) | null {
  const { folder, agent, runId, pinned } = query;
  const states = query.states === null ? null : new Set<string>(query.states);
  const text = query.text.trim().toLowerCase();
  const all = [folder, agent, runId, states, found].every((wanted) => wanted === null);
  if (all && !pinned && text === "") return null;
  return (entry) =>
    (folder === null || entry.home.folder.folder === folder) &&
    (agent === null || entry.agent === agent) &&
    (runId === null || entry.runId === runId) &&
    (!pinned || entry.home.isPinned(entry.id)) &&
    (states === null || states.has(entry.state)) &&
    (found === null || found.has(keyOf(entry))) &&
    (text === "" || has(entry, text));
}

export const keyOf = ({ home, id }: Entry): string => `${home.folder.folder}|${id}`;

const has = ({ id, agent, label, state, runId }: Entry, text: string): boolean =>
  id.includes(text) ||
  agent.toLowerCase().includes(text) ||
  state.includes(text) ||
  (label?.toLowerCase().includes(text) ?? false) ||
  (runId?.toLowerCase().includes(text) ?? false);
