import { copyData } from "../clone.ts";
import { isPromiseLike } from "../collect.ts";
import { AgentUsageError } from "../errors.ts";
import { copiedState } from "../moment.ts";
import { giveState, type LegacyState, takeState } from "./legacyState.ts";
import type { SnapshotMapping } from "./mapping.ts";
import { callMethod } from "./members.ts";

type Mapping = SnapshotMapping | null | undefined;

/** The state of a legacy agent, as its mapping says or, without one, its own plain data. */
export function snapshotOf(legacy: object, mapping: Mapping): LegacyState {
  if (mapping === null) return { fields: null, lost: [], unkept: [], undo: () => undefined };
  if (mapping === undefined || "fields" in mapping) return takeState(legacy, mapping?.fields);
  const { value, lost, undo } = copiedState(
    () => callNow(legacy, mapping.get),
    (state) => void callNow(legacy, mapping.set, state),
  );
  return { fields: value, lost, unkept: [], undo };
}

/** Puts a stored state into a legacy agent. */
export function restoreInto(legacy: object, mapping: Mapping, stored: unknown): void {
  if (mapping === null) return;
  if (mapping === undefined || "fields" in mapping) giveState(legacy, stored, mapping?.fields);
  else callNow(legacy, mapping.set, copyData(stored).value);
}

/** State is taken and given at one moment: what comes later belongs to another. */
function callNow(legacy: object, name: string, ...args: unknown[]): unknown {
  const value = callMethod(legacy, name, args);
  if (!isPromiseLike(value)) return value;
  Promise.resolve(value).catch(() => undefined);
  throw new AgentUsageError(`${name} returned a promise: methods of a snapshot must be synchronous.`);
}
