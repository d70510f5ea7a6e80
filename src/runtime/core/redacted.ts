import { isRecord, join } from "./clone.ts";

/** Stands in stored data where a secret was. */
export const REDACTED = "[redacted]";

/** Whether a stored value lacks a secret that was removed from it. */
export function holdsRedacted(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === "string") return value.includes(REDACTED);
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  const holds = (item: unknown): boolean => holdsRedacted(item, seen);
  if (value instanceof Map) return [...value].flat().some(holds);
  if (value instanceof Set) return [...value].some(holds);
  return Object.values(value).some(holds);
}

/** A stored state in which the fields that lack a removed secret are those that the agent has now. */
export interface WholeState {
  state: unknown;
  /** The paths of these fields; empty where the state is as it was stored. */
  lacking: string[];
}

/** Takes what lacks a secret from what the agent has now, `current`; what that has not is left out. */
export function wholeState(stored: unknown, current: () => unknown): WholeState {
  if (!holdsRedacted(stored)) return { state: stored, lacking: [] };
  const lacking: string[] = [];
  return { state: whole(stored, current(), "", lacking, new Set()), lacking };
}

function whole(stored: unknown, now: unknown, path: string, lacking: string[], above: Set<unknown>): unknown {
  if (!holdsRedacted(stored)) return stored;
  if (!isRecord(stored) || above.has(stored)) {
    lacking.push(path);
    return now;
  }
  above.add(stored);
  const current = isRecord(now) ? now : {};
  const entries = Object.entries(stored).flatMap(([key, item]) => {
    const had = Object.hasOwn(current, key);
    const kept = whole(item, had ? current[key] : undefined, join(path, key), lacking, above);
    return kept === undefined && item !== undefined ? [] : [[key, kept] as const];
  });
  above.delete(stored);
  return Object.fromEntries(entries);
}
