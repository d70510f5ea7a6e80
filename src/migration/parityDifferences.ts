/** A place where two pictures differ. */
export interface Difference {
  path: string[];
  left: unknown;
  right: unknown;
  /** The side that has nothing there. */
  absent: "left" | "right" | null;
}

/** Where two JSON values differ, in the order of the left one. The order of keys is no difference. */
export function differencesOf(left: unknown, right: unknown, path: string[] = []): Difference[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const items = left
      .slice(0, right.length)
      .flatMap((item, index) => differencesOf(item, right[index], [...path, String(index)]));
    if (left.length === right.length) return items;
    return [...items, { path: [...path, "length"], left: left.length, right: right.length, absent: null }];
  }
  if (isRecord(left) && isRecord(right)) {
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => {
      const at = [...path, key];
      if (!Object.hasOwn(left, key))
        return [{ path: at, left: undefined, right: right[key], absent: "left" as const }];
      if (!Object.hasOwn(right, key))
        return [{ path: at, left: left[key], right: undefined, absent: "right" as const }];
      return differencesOf(left[key], right[key], at);
    });
  }
  return left === right ? [] : [{ path, left, right, absent: null }];
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at) && key === "length") return at.length;
    at = isRecord(at) || Array.isArray(at) ? (Reflect.get(at, key) as unknown) : undefined;
  }
  return at;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
