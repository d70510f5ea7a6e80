import { copyData, isRecord } from "../clone.ts";
import { isPromiseLike } from "../collect.ts";
import { AgentUsageError } from "../errors.ts";
import { giveState, holdsRedacted, type LegacyState, takeState } from "./legacyState.ts";
import type { SnapshotMapping } from "./mapping.ts";
import { callMethod } from "./members.ts";

type Mapping = SnapshotMapping | null | undefined;

/** The state of a legacy agent, as its mapping says or, without one, its own plain data. */
export function snapshotOf(legacy: object, mapping: Mapping): LegacyState {
  if (mapping === null) return { fields: null, lost: [], unkept: [], undo: () => undefined };
  if (mapping === undefined || "fields" in mapping) return takeState(legacy, mapping?.fields);
  const { value, lost } = copyData(callNow(legacy, mapping.get));
  return {
    fields: value,
    lost,
    unkept: lost,
    undo: () => void callNow(legacy, mapping.set, copyData(value).value),
  };
}

/** Puts a stored state into a legacy agent; what held removed secrets stays as its constructor made it. */
export function restoreInto(legacy: object, mapping: Mapping, stored: unknown): void {
  if (mapping === null) return;
  if (mapping === undefined || "fields" in mapping) giveState(legacy, stored, mapping?.fields);
  else if (!holdsRedacted(stored)) callNow(legacy, mapping.set, copyData(stored).value);
  else if (isRecord(stored)) {
    const now = callNow(legacy, mapping.get);
    const kept = Object.entries(isRecord(now) ? now : {}).filter(([key]) => holdsRedacted(stored[key]));
    const whole = Object.entries(stored).filter(([, value]) => !holdsRedacted(value));
    callNow(legacy, mapping.set, copyData(Object.fromEntries([...whole, ...kept])).value);
  }
}

/** State is taken and given at one moment: what comes later belongs to another. */
function callNow(legacy: object, name: string, ...args: unknown[]): unknown {
  const value = callMethod(legacy, name, args);
  if (!isPromiseLike(value)) return value;
  Promise.resolve(value).catch(() => undefined);
  throw new AgentUsageError(`${name} returned a promise: methods of a snapshot must be synchronous.`);
}
