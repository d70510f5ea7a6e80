import { isTagged } from "../content/references.ts";

/** What of a value an agent's code relies on: its kind and the types of its fields. */
export function shapeDifference(before: unknown, now: unknown): string | null {
  const [was, is] = [kindOf(before), kindOf(now)];
  if (was !== is) return `its state is ${article(was)} and the newest one has ${article(is)}`;
  if (was !== "record") return null;
  const [old, fresh] = [fieldsOf(before), fieldsOf(now)];
  for (const [key, item] of old) {
    // Agents set fields when they need them: one that is there in one of the two alone tells nothing.
    if (!fresh.has(key)) continue;
    const [a, b] = [kindOf(item), kindOf(fresh.get(key))];
    // What is not set yet has no type.
    if (a !== b && a !== "null" && b !== "null") return `its "${key}" is ${article(a)}, now ${article(b)}`;
  }
  return null;
}

function kindOf(json: unknown): string {
  if (json === null) return "null";
  if (Array.isArray(json)) return "array";
  if (typeof json !== "object") return typeof json;
  if (!isTagged(json)) return "record";
  const type = String(json.$type);
  if (type === "Object" || type === "NullObject") return "record";
  if (type === "undefined" || type === "lost") return "null";
  return type === "Array" ? "array" : type;
}

function fieldsOf(json: unknown): Map<string, unknown> {
  if (!isTagged(json)) return new Map(Object.entries(json as object));
  return new Map(json.value as [string, unknown][]);
}

const article = (kind: string): string =>
  kind === "null" ? "nothing" : /^[aeiou]/i.test(kind) ? `an ${kind}` : `a ${kind}`;
