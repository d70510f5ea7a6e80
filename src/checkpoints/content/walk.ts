/** A key as a part of a JSON Pointer. */
export const pointerPart = (key: string): string => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;

interface Limits {
  most: number;
  deepest: number;
}

/** Visits all values of JSON without recursion, in the order of the text; tells whether that were all. */
export function walk(
  json: unknown,
  visit: (value: unknown, pointer: () => string) => void,
  { most, deepest }: Limits,
): "whole" | "many" | "deep" {
  interface Place {
    value: unknown;
    key: string;
    above: Place | null;
    depth: number;
  }
  const places: Place[] = [{ value: json, key: "", above: null, depth: 0 }];
  let count = 0;
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value, depth } = place;
    count += 1;
    if (count > most) return "many";
    if (depth > deepest) return "deep";
    const here = place;
    visit(value, () => {
      let pointer = "";
      for (let at = here; at.above !== null; at = at.above) pointer = pointerPart(at.key) + pointer;
      return pointer;
    });
    if (typeof value !== "object" || value === null) continue;
    const keys = Object.keys(value);
    for (let i = keys.length - 1; i >= 0; i -= 1) {
      const key = keys[i] as string;
      places.push({ value: (value as Record<string, unknown>)[key], key, above: place, depth: depth + 1 });
    }
  }
  return "whole";
}

const mostValues = 1_000_000;
const longestPointer = 1_000;

/** Keys may be megabytes, and stand in the pointers of all that is below them. */
export const shortPointer = (pointer: string): string =>
  pointer.length > longestPointer ? `${pointer.slice(0, longestPointer)}…` : pointer;

/** Where "[redacted]" stands; how often in all. */
export function redactedIn(json: unknown, most: number): { pointers: string[]; count: number } {
  const pointers: string[] = [];
  let count = 0;
  const note = (text: string, pointer: () => string) => {
    if (!text.includes("[redacted]")) return;
    count += 1;
    if (pointers.length < most) pointers.push(shortPointer(pointer()));
  };
  walk(
    json,
    (value, pointer) => {
      if (typeof value === "string") note(value, pointer);
    },
    { most: mostValues, deepest: 10_000 },
  );
  return { pointers, count };
}
