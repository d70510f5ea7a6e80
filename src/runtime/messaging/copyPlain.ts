const mostValues = 64;

interface Walk {
  left: number;
  seen: object[];
}

/** Stands for what only sending can copy. */
const other = Symbol("other");

/**
 * A copy of a small message of plain data, which can wait for others to be sent in one packet; null where only sending
 * makes a faithful copy. Whoever published the message may change it at once.
 */
export function copyPlain(message: unknown): { copy: unknown } | null {
  const copy = copyValue(message, { left: mostValues, seen: [] });
  return copy === other ? null : { copy };
}

function copyValue(value: unknown, walk: Walk): unknown {
  if (typeof value === "function" || typeof value === "symbol") return other;
  if (typeof value !== "object" || value === null) return value;
  // What is in it twice, also itself, must be so in the copy.
  if (walk.seen.includes(value)) return other;
  walk.seen.push(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return copyRecord(value as Record<string, unknown>, walk);
  return prototype === Array.prototype ? copyList(value as unknown[], walk) : other;
}

function copyRecord(record: Record<string, unknown>, walk: Walk): unknown {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(record)) {
    walk.left -= 1;
    if (walk.left < 0 || key === "__proto__") return other;
    const value = copyValue(record[key], walk);
    if (value === other) return other;
    copy[key] = value;
  }
  return copy;
}

function copyList(list: unknown[], walk: Walk): unknown {
  const copy: unknown[] = [];
  walk.left -= list.length;
  // Holes and fields of its own.
  if (walk.left < 0 || Object.keys(list).length !== list.length) return other;
  for (const item of list) {
    const value = copyValue(item, walk);
    if (value === other) return other;
    copy.push(value);
  }
  return copy;
}
