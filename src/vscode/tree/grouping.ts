import { capabilityNames } from "../../runtime/core/dispatch.ts";
import type { Facts, Trait } from "./facts.ts";

/** How the Agents view is grouped, with the words for it. */
export const groupings = {
  none: { label: "No grouping", detail: "One list, by name" },
  folder: { label: "Folder", detail: "Where the file is" },
  base: { label: "Base class", detail: "What the class extends" },
  capability: {
    label: "Capability",
    detail: "What the agent can do; it stands under each of its capabilities",
  },
  migration: {
    label: "Migration state",
    detail: "What has an adapter, and what has none",
  },
} as const;
export type Grouping = keyof typeof groupings;

export function isGrouping(value: unknown): value is Grouping {
  return typeof value === "string" && Object.hasOwn(groupings, value);
}

export interface Group<T> {
  key: string;
  label: string;
  /** What tells it from another group of the same label; "" where there is none. */
  origin: string;
  items: T[];
}

/** Items in the order they come in; each in at least one group. */
export function groupsOf<T>(
  items: readonly T[],
  factsOf: (item: T) => Facts,
  grouping: Exclude<Grouping, "none">,
): Group<T>[] {
  const { keysOf, labelOf, originOf, order } = ways[grouping];
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(factsOf(item))) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const rank = (key: string) => (key === NONE ? Infinity : [...order, key].indexOf(key));
  const labels = [...groups.keys()].map(labelOf);
  return [...groups]
    .sort(([a], [b]) => compare(rank(a), rank(b)) || collator.compare(a, b))
    .map(([key, found]) => {
      const label = labelOf(key);
      const alone = labels.filter((other) => other === label).length === 1;
      return { key, label, origin: alone ? "" : (originOf?.(key) ?? ""), items: found };
    });
}

interface Way {
  keysOf: (facts: Facts) => string[];
  labelOf: (key: string) => string;
  originOf?: (key: string) => string;
  /** Keys that come first, in this order; others follow by name. */
  order: readonly string[];
}

/** The key of those that belong nowhere else; a name cannot be empty. */
const NONE = "";

const states: Record<string, string> = {
  legacy: "Not migrated",
  migrated: "Migrated",
  abstract: "Abstract",
  [NONE]: "Not to be migrated",
};

/** The name of a base class, and where it is from. */
function partsOf(key: string): [string, string] {
  const [name = "", origin = ""] = key.split("\n");
  return [name, origin];
}

const ways: Record<Exclude<Grouping, "none">, Way> = {
  folder: {
    keysOf: ({ file }) => [file.slice(0, Math.max(file.lastIndexOf("/"), 0)) || "."],
    labelOf: (key) => key,
    order: [],
  },
  base: {
    keysOf: ({ bases, origin }) => [bases[0] === undefined ? NONE : `${bases[0]}\n${origin}`],
    labelOf: (key) => partsOf(key)[0] || "No base class",
    originOf: (key) => partsOf(key)[1] || "not found in this workspace",
    order: [],
  },
  capability: {
    keysOf: ({ capabilities }) => (capabilities.length === 0 ? [NONE] : [...new Set(capabilities)]),
    labelOf: (key) => key || "No capability found",
    order: capabilityNames,
  },
  migration: {
    keysOf: ({ traits }) => [
      (["legacy", "migrated", "abstract"] satisfies Trait[]).find((state) => traits.includes(state)) ?? NONE,
    ],
    labelOf: (key) => states[key] ?? key,
    order: ["legacy", "migrated", "abstract"],
  },
};

const collator = new Intl.Collator("en", { numeric: true });
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
