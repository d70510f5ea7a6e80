import { copyAround, isExactly, isRecord, join, setOwn } from "./clone.ts";

/**
 * Keeps in a state that was put back what the state since then holds and is no data, such as an open connection:
 * nothing else could end it any more. `known` is what the state held before. Answers with the paths of what was kept.
 */
export function keepAdded(
  target: unknown,
  now: unknown,
  known: ReadonlySet<unknown>,
  path = "",
  seen = new Set<unknown>(),
): string[] {
  if (seen.has(now)) return [];
  seen.add(now);
  const kept: string[] = [];
  const keep = (item: unknown, key: string, old: unknown, put: () => void) => {
    const added = addedIn(item, join(path, key), known);
    if (added.length === 0) return;
    if (areAlike(old, item)) {
      kept.push(...keepAdded(old, item, known, join(path, key), seen));
    } else {
      put();
      kept.push(...added);
    }
  };
  if (Array.isArray(target) && Array.isArray(now)) {
    for (const [i, item] of now.entries()) keep(item, String(i), target[i], () => target.push(item));
  } else if (target instanceof Map && now instanceof Map) {
    for (const [key, item] of now) keep(item, String(key), target.get(key), () => target.set(key, item));
  } else if (target instanceof Set && now instanceof Set) {
    for (const item of now) keep(item, "<item>", null, () => target.add(item));
  } else if (isRecord(target) && isRecord(now)) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(now))) {
      const old = Object.hasOwn(target, key) ? target[key] : null;
      keep(value, key, old, () => setOwn(target, key, value));
    }
  }
  return kept;
}

/** The paths of what a value holds that is no data and was not known before. */
export function addedIn(value: unknown, path: string, known: ReadonlySet<unknown>): string[] {
  if (known.has(value)) return [];
  const { lost, left } = copyAround(value, path);
  return lost.filter((_, i) => !known.has(left[i]));
}

/** Whether what one holds can be kept in the other. */
export function areAlike(one: unknown, other: unknown): boolean {
  if (isRecord(one)) return isRecord(other);
  if (Array.isArray(one)) return Array.isArray(other);
  return [one, other].every(isMap) || [one, other].every(isSet);
}

const isMap = (value: unknown): value is Map<unknown, unknown> =>
  value instanceof Map && isExactly(value, Map);
const isSet = (value: unknown): value is Set<unknown> => value instanceof Set && isExactly(value, Set);
