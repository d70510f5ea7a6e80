import { claimOf } from "./agentName.ts";
import { frameworkOf } from "./frameworks.ts";
import { keyword, startingWith, type Keywords } from "./keywords.ts";

/** What one pass over a text tells about agents that are no classes, without parsing. */
export interface MakingFacts {
  /** It uses a known agent framework, and may make agents with it. */
  framework: boolean;
  /** Names that it constructs where an agent may be made, and what these are imported as. */
  constructs: readonly string[];
  /** Names of functions whose results its top-level variables have, likewise. */
  calls: readonly string[];
}

/** A name that starts with this stands for the default export of the specifier behind it. */
export const DEFAULT_OF = "\0";

export const NO_MAKINGS: MakingFacts = { framework: false, constructs: [], calls: [] };

const SPECIFIER = startingWith(
  ["from", "require", "import"],
  String.raw`(?:from|(?:require|import)\s*\()\s*["']([^"'\n]+)["']`,
);
/** Names of functions that make agents, where "Agent" is no part of them. */
const MAKES = ["agent", "createSupervisor", "createSwarm"].map(keyword);
const CONSTRUCTS = startingWith(["new"], String.raw`new\s+(?:[\w$]+\s*\.\s*)*([\w$]+)`);
const IMPORT = startingWith(
  ["import"],
  String.raw`import\s+(?:type\s+)?(?:([\w$]+)\s*,?\s*)?(?:\*\s*as\s+[\w$]+|\{([^}]*)\})?\s*from\s*["']([^"'\n]+)["']`,
);
const RENAMED = /([\w$]+)\s+as\s+([\w$]+)/g;
const RETURNED = /(?:\breturn|=>)\s*\(?\s*(?:await\s+)?$/;
const CALLED = startingWith(
  ["export", "const", "let", "var"],
  String.raw`(?<=^|\n)(?:export\s+)?(?:(?:const|let|var)\s+[\w$]+\s*(?::[^=;\n]{1,200})?=|default\s)\s*(?:await\s+)?(?:[\w$]+\.)*([\w$]+)\(`,
);

export function makingFacts(keywords: Keywords): MakingFacts {
  const framework = mayMake(keywords) && usesFramework(keywords);
  const constructs = constructed(keywords);
  const calls = [...new Set(keywords.matches(CALLED).map(([, name = ""]) => name))];
  if (!framework && constructs.length === 0 && calls.length === 0) return NO_MAKINGS;
  const meanings = importedAs(keywords);
  return { framework, constructs: meant(constructs, meanings), calls: meant(calls, meanings) };
}

const mayMake = (keywords: Keywords): boolean =>
  keywords.text.includes("Agent") || MAKES.some((word) => keywords.has(word));

/** What the local names of imports stand for, where they are other names. */
function importedAs(keywords: Keywords): Map<string, string> {
  const meanings = new Map<string, string>();
  for (const [, whole, list = "", specifier = ""] of keywords.matches(IMPORT)) {
    if (whole !== undefined) meanings.set(whole, DEFAULT_OF + specifier);
    if (!list.includes("as")) continue;
    for (const [, from = "", to = ""] of list.matchAll(RENAMED)) {
      meanings.set(to, from === "default" ? DEFAULT_OF + specifier : from);
    }
  }
  return meanings;
}

const meant = (names: readonly string[], meanings: Map<string, string>): string[] =>
  names.flatMap((name) => [name, meanings.get(name) ?? []].flat());

const usesFramework = (keywords: Keywords): boolean =>
  keywords.matches(SPECIFIER).some(([, specifier = ""]) => frameworkOf(specifier) !== null);

/** At the top level, where it is returned, or under a name that speaks of agents. */
function constructed(keywords: Keywords): string[] {
  const found = new Set<string>();
  const { text } = keywords;
  for (const { index, 1: name = "" } of keywords.matches(CONSTRUCTS)) {
    if (found.has(name)) continue;
    const line = text.slice(text.lastIndexOf("\n", index) + 1, index);
    if (/^\S/.test(line) || claimOf(name).is === "agent" || RETURNED.test(line)) found.add(name);
  }
  return [...found];
}
