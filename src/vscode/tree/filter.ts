import { traits, type Facts } from "./facts.ts";

/** What the user looks for in the Agents view. */
export interface Filter {
  /** As typed, without space around it. */
  text: string;
  matches(facts: Facts): boolean;
  /** Why it cannot find anything: one sentence. */
  problem: string | null;
}

interface Term {
  wanted: boolean;
  holds: (facts: Facts) => boolean;
}

/** Words apart by space, all of which must be found; null where there is none. */
export function parseFilter(typed: string): Filter | null {
  const text = typed.trim();
  if (text === "") return null;
  const terms = (text.match(/(?:"[^"]*"?|[^\s"]+)+/g) ?? []).map((word) =>
    word.replaceAll('"', "").toLowerCase(),
  );
  const parsed = terms.map(toTerm);
  const unknown = terms.map(unknownTrait).find((trait) => trait !== null) ?? null;
  return {
    text,
    matches: (facts) => parsed.every(({ wanted, holds }) => holds(facts) === wanted),
    problem: unknown === null ? null : `is:${unknown} is not known. There are: ${traits.join(", ")}.`,
  };
}

function toTerm(word: string): Term {
  const [, minus, key, value] = /^(-?)(?:(is|has|extends):)?(.*)$/.exec(word) ?? [];
  const wanted = minus !== "-" || value === "";
  return { wanted, holds: test(key, value ?? "") };
}

/** What is still being typed ("is:") finds all. */
function test(key: string | undefined, value: string): Term["holds"] {
  switch (key) {
    case "is":
      return (facts) => facts.traits.some((trait) => trait.startsWith(value));
    case "has":
      return ({ capabilities }) =>
        value === "" || capabilities.some((name) => name.toLowerCase().startsWith(value));
    case "extends":
      return ({ bases }) => value === "" || bases.some((name) => name.toLowerCase().includes(value));
    default:
      return ({ name, file, bases, capabilities }) =>
        [name, file, ...bases, ...capabilities].some((part) => part.toLowerCase().includes(value));
  }
}

function unknownTrait(word: string): string | null {
  const trait = /^-?is:(.*)$/.exec(word)?.[1];
  return trait === undefined || traits.some((known) => known.startsWith(trait)) ? null : trait;
}
