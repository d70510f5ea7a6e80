import { keyword, Keywords, startingWith, type KeywordPattern } from "./keywords.ts";
import { mayCoordinate } from "./agentName.ts";
import { agentClassOf } from "./frameworkMakers.ts";
import { frameworkOf } from "./frameworks.ts";
import { DEFAULT_OF, makingFacts, NO_MAKINGS, type MakingFacts } from "./makingFacts.ts";

/**
 * What one pass over a text tells about class names, without parsing. It may see too much (comments), never too little.
 * A name that starts with DEFAULT_OF stands for the default export (or `module.exports`) of the specifier behind it.
 */
export interface FileFacts {
  classes: readonly ClassHead[];
  /** Names under which the file offers something to others, "default" among them. */
  exports: readonly Alias[];
  /** It has a default export, or assigns `module.exports`. */
  hasDefault: boolean;
  /** The text holds an `@agent` tag or a decorator that speaks of agents. */
  tagged: boolean;
  /** It speaks of agents, and has a class that may orchestrate them, itself or by its base, though no name says so. */
  coordinates: boolean;
  makings: MakingFacts;
}

export interface ClassHead {
  /** An anonymous class has the name of what it is assigned to, or "". */
  name: string;
  /** Every identifier between the name and the body (bases, mixins, interfaces, type arguments) and what these stand for. */
  bases: readonly string[];
}

export interface Alias {
  name: string;
  of: readonly string[];
}

export const NO_FACTS: FileFacts = {
  classes: [],
  exports: [],
  hasDefault: false,
  tagged: false,
  coordinates: false,
  makings: NO_MAKINGS,
};

/** What an agent class of a framework stands for, whatever it is called. */
const AGENT_OF_FRAMEWORK = "\u0001Agent";

const ID = String.raw`[\w$\u0080-\uffff]+`;
const GAP = String.raw`(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)`;
const CLASS = startingWith(
  ["class"],
  String.raw`class(?:${GAP}+(?!extends\b|implements\b)(${ID})|(?=${GAP}*[{<]|${GAP}+\w))`,
);
/** What an anonymous class is assigned to; ends where the class starts. */
const ASSIGNED = new RegExp(String.raw`(${ID})\s*(?::[^=;]*)?[=:]\s*\(?\s*$`);
const NOISE = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const IDENTIFIER = new RegExp(ID, "g");
const KEYWORD =
  /^(?:extends|implements|typeof|class|as|function|return|this|string|number|boolean|unknown|any|require|\d.*)$/;

/** The name before is looked for backwards, from here. */
const AS = startingWith(["as"], String.raw`(?<=(${ID})\s+)as\s+(${ID})`);
/** The same within a short list. */
const RENAMED_AS = new RegExp(String.raw`(${ID})\s+as\s+(${ID})`, "g");
/** A name in a list that is not renamed. */
const PLAIN = new RegExp(String.raw`(?:^|,)\s*(?:type\s+)?(${ID})\s*(?=,|$)`, "g");
const EXPORT_LIST = startingWith(
  ["export"],
  String.raw`export\s*(?:type\s*)?\{([^}]*)\}(?:\s*from\s*["']([^"'\n]+)["'])?`,
);
const EXPORT_DEFAULT = startingWith(
  ["export", "module"],
  String.raw`export\s+default\b|module\.exports\s*=|export\s*=`,
);
const DEFAULT_IMPORT = startingWith(
  ["import"],
  String.raw`import\s+(?:type\s+)?(${ID})\s*(?:,\s*(?:\{[^}]*\}|\*\s*as\s+${ID})\s*)?from\s*["']([^"'\n]+)["']`,
);
const REQUIRED = startingWith(
  ["const", "let", "var", "import"],
  String.raw`(?:const|let|var|import)\s+(${ID})\s*=\s*(?:await\s+)?(?:require|import)\s*\(\s*["']([^"'\n]+)["']\s*\)(?:\.(${ID}))?`,
);
const DESTRUCTURED = startingWith(
  ["const", "let", "var"],
  String.raw`(?:const|let|var)\s*\{([^}]*)\}\s*=(?:\s*(?:await\s+)?(?:require|import)\s*\(\s*["']([^"'\n]+)["'])?`,
);
const IMPORT_LIST = startingWith(
  ["import"],
  String.raw`import\b[^;'"()]*?\{([^}]*)\}\s*from\s*["']([^"'\n]+)["']`,
);
const EXPORTED_OBJECT = startingWith(["module"], String.raw`module\.exports\s*=\s*\{([^}]*)\}`);
/** `export default`, `export =`, `module.exports =`, `exports.Name =`: the value follows. */
const EXPORTED_VALUE = startingWith(
  ["export", "module", "exports"],
  String.raw`(?:export\s+default\s+|export\s*=\s*|(?:module\.exports|exports\.(${ID}))\s*=(?!=)\s*)`,
);
const RENAMED = new RegExp(String.raw`(${ID})\s*:\s*(${ID})`, "g");
const REQUIRED_HERE = /\brequire\s*\(\s*["']([^"'\n]+)["']\s*\)/g;
const VARIABLE = startingWith(
  ["const", "let", "var", "import"],
  String.raw`(?:const|let|var|import)\s+(${ID})\s*(?::[^=;]{1,200})?=(?![=>])\s*`,
);
const EXPORTED_VARIABLE = startingWith(
  ["export"],
  String.raw`export\s+(?:const|let|var)\s+([A-Z$_][\w$]*)\s*(?::[^=;]{1,200})?=(?![=>])\s*`,
);
const CLASSLIKE =
  /(?:class\b|require\s*\(|(?!new\b|async\b|await\b|function\b)[A-Za-z_$][\w$.]*\s*(?:[(;,<]|\n|$|as\b))/y;

/** `inherits(A, B)`, `Object.setPrototypeOf(A.prototype, B.prototype)`, `Object.assign(A.prototype, B.prototype)` */
const INHERITS = startingWith(
  ["inherits", "inherit", "setPrototypeOf", "assign", "extend", "mixin", "merge", "defaults"],
  String.raw`\w+\s*\(\s*(?:${ID}\s*\.\s*)*?(${ID})\s*(?:\.\s*prototype\s*)?,((?:[^()]|\([^()]*\)){0,300})`,
);
/** `A.prototype = …`, `A.prototype.__proto__ = …`, `A.prototype.name = …` */
const PROTOTYPE = startingWith(
  ["prototype"],
  String.raw`(?<=(${ID})\s*\.\s*)prototype\b\s*(?:(?:\.\s*__proto__\s*)?=(?!=)([^\n;{]{0,300}))?`,
);
const FUNCTION = startingWith(
  ["function"],
  String.raw`function\s+([A-Z][\w$]*)\s*\(|(?<=([A-Z][\w$]*)\s*[=:]\s*(?:async\s+)?)function`,
);
/** A tag, or the decorator of a class at the top level: further in stand those of parameters, which say nothing of it. */
const TAGGED = /@agent\b|(?<![^\n])(?:export +(?:default +)?)?@\w*[Aa]gent/;
const INHERIT = ["inherit", "inherits"].map(keyword);

export function scan(text: string): FileFacts {
  const keywords = new Keywords(text);
  const heads = [...classHeads(keywords), ...constructorHeads(keywords)];
  const exported = exportedNames(keywords);
  const makings = makingFacts(keywords);
  if (heads.length === 0 && exported.length === 0 && makings === NO_MAKINGS) return NO_FACTS;
  const used = new Set([...heads.flatMap((head) => head.bases), ...exported.flatMap((alias) => alias.of)]);
  const meanings = used.size > 0 ? localNames(keywords, used) : new Map<string, Set<string>>();
  const classes = heads.map(({ name, bases }) => ({ name, bases: expand(bases, meanings) }));
  const exports = exported
    .map(({ name, of }) => ({ name, of: expand(of, meanings).filter((source) => source !== name) }))
    .filter(({ of }) => of.length > 0);
  for (const { name } of heads) {
    const of = name === "" ? undefined : meanings.get(name);
    if (of !== undefined) exports.push({ name, of: [...of] });
  }
  return {
    classes,
    exports,
    hasDefault: keywords.matches(EXPORT_DEFAULT).length > 0,
    // Most texts hold neither word, which is found several times faster.
    tagged: (text.includes("agent") || text.includes("Agent")) && TAGGED.test(text),
    coordinates:
      heads.some(({ name, bases }) => mayCoordinate(name) || bases.some(mayCoordinate)) &&
      text.includes("Agent"),
    makings,
  };
}

function classHeads(keywords: Keywords): ClassHead[] {
  const { text } = keywords;
  const heads: ClassHead[] = [];
  for (const match of keywords.matches(CLASS)) {
    const from = match.index + match[0].length;
    const name = match[1] ?? ASSIGNED.exec(text.slice(Math.max(0, match.index - 200), match.index))?.[1];
    heads.push({ name: name ?? "", bases: basesIn(headAfter(text, from)) });
  }
  return heads;
}

/** Constructor functions: what inherits or has a prototype, and, where agents are spoken of, what is called like a class. */
function constructorHeads(keywords: Keywords): ClassHead[] {
  const { text } = keywords;
  const heads: ClassHead[] = [];
  const prototypes = keywords.matches(PROTOTYPE);
  if (prototypes.length > 0 || INHERIT.some((word) => keywords.has(word))) {
    for (const [, name = "", bases = ""] of keywords.matches(INHERITS))
      heads.push({ name, bases: basesIn(bases) });
  }
  for (const [, name = "", base = ""] of prototypes) heads.push({ name, bases: basesIn(base) });
  const functions = keywords.matches(FUNCTION);
  if (functions.length > 0 && (prototypes.length > 0 || text.includes("this.")) && /agent/i.test(text)) {
    for (const [, declared, assigned = ""] of functions) {
      heads.push({ name: declared ?? assigned, bases: [] });
    }
  }
  return heads;
}

/** The text up to the class body: the first brace outside brackets. */
function headAfter(text: string, from: number): string {
  const brace = text.indexOf("{", from);
  const plain = text.slice(from, brace);
  if (brace >= 0 && plain.length < 200 && !/[(<>"'/]/.test(plain)) return plain;
  const head = text.slice(from, from + 2_000).replace(NOISE, blanked);
  let depth = 0;
  for (let at = 0; at < head.length; at += 1) {
    const char = head.charCodeAt(at);
    if (char === 40 /* ( */ || char === 60 /* < */) depth += 1;
    else if (char === 41 /* ) */ || (char === 62 /* > */ && head.charCodeAt(at - 1) !== 61)) depth -= 1;
    else if (char === 123 /* { */ && depth <= 0) return head.slice(0, at);
  }
  return head;
}

/** Comments and strings without a trace, but for what is required. */
const blanked = (noise: string, at: number, text: string): string =>
  /["']/.test(noise.charAt(0)) && /\brequire\s*\(\s*$/.test(text.slice(0, at)) ? noise : " ";

/** The identifiers, and what stands for the modules that are required. */
const basesIn = (text: string): string[] => [
  ...identifiers(text.replace(NOISE, " ")),
  ...[...text.matchAll(REQUIRED_HERE)].map(([, specifier = ""]) => DEFAULT_OF + specifier),
];

const identifiers = (text: string): string[] => [
  ...new Set((text.match(IDENTIFIER) ?? []).filter((word) => !KEYWORD.test(word))),
];

function exportedNames(keywords: Keywords): Alias[] {
  const found: Alias[] = [];
  const add = (name: string, of: string[]) => void found.push({ name, of });
  for (const [, list = "", specifier] of keywords.matches(EXPORT_LIST)) {
    for (const [, from = "", to = ""] of list.matchAll(RENAMED_AS)) {
      add(to, [from === "default" && specifier !== undefined ? DEFAULT_OF + specifier : from]);
    }
    if (specifier === undefined) for (const [, name = ""] of list.matchAll(PLAIN)) add(name, [name]);
    if (specifier !== undefined && /(?:^|,)\s*default\s*(?:,|$)/.test(list)) {
      add("default", [DEFAULT_OF + specifier]);
    }
  }
  for (const [match, value] of valuesAfter(EXPORTED_VALUE, keywords)) add(match[1] ?? "default", value());
  for (const [, list = ""] of keywords.matches(EXPORTED_OBJECT)) {
    for (const [, to = "", from = ""] of list.matchAll(RENAMED)) add(to, [from]);
    for (const [, name = ""] of list.matchAll(PLAIN)) add(name, [name]);
  }
  for (const [match, value] of valuesAfter(EXPORTED_VARIABLE, keywords)) add(match[1] ?? "", value());
  return found;
}

/** What the used names of this file stand for: renamed imports, default imports, variables. */
function localNames(keywords: Keywords, used: Set<string>): Map<string, Set<string>> {
  const meanings = new Map<string, Set<string>>();
  const add = (name: string, of: readonly string[]) => {
    if (!used.has(name)) return;
    const known = meanings.get(name) ?? new Set();
    meanings.set(name, known);
    for (const source of of) {
      known.add(source);
      used.add(source);
    }
  };
  for (const [match, value] of valuesAfter(VARIABLE, keywords).reverse()) {
    const [, name = ""] = match;
    if (used.has(name)) add(name, value());
  }
  for (const [, from = "", to = ""] of keywords.matches(AS)) if (from !== "default") add(to, [from]);
  for (const [, list = "", specifier] of keywords.matches(DESTRUCTURED)) {
    for (const [, from = "", to = ""] of list.matchAll(RENAMED)) {
      add(to, [from === "default" && specifier !== undefined ? DEFAULT_OF + specifier : from]);
    }
  }
  for (const [, name = "", specifier = "", member] of keywords.matches(REQUIRED)) {
    add(name, [member ?? DEFAULT_OF + specifier]);
  }
  for (const [, name = "", specifier = ""] of keywords.matches(DEFAULT_IMPORT)) {
    add(name, [DEFAULT_OF + specifier]);
  }
  for (const [, list = "", specifier = ""] of keywords.matches(IMPORT_LIST)) {
    const local = /\bdefault\s+as\s+([\w$]+)/.exec(list)?.[1];
    if (local !== undefined) add(local, [DEFAULT_OF + specifier]);
    if (frameworkOf(specifier) === null) continue;
    for (const name of identifiers(list))
      if (used.has(name) && agentClassOf(specifier, name) !== null) add(name, [AGENT_OF_FRAMEWORK]);
  }
  return meanings;
}

/** The matches before a value that may be a class, with the identifiers of that value. */
function valuesAfter(pattern: KeywordPattern, keywords: Keywords): [RegExpExecArray, () => string[]][] {
  const found: [RegExpExecArray, () => string[]][] = [];
  for (const match of keywords.matches(pattern)) {
    const from = match.index + match[0].length;
    CLASSLIKE.lastIndex = from;
    if (CLASSLIKE.test(keywords.text)) found.push([match, () => identifiers(valueAt(keywords.text, from))]);
  }
  return found;
}

/** The expression that starts here: up to a semicolon, a class body, or a line's end outside brackets. */
function valueAt(text: string, from: number): string {
  const isClass = text.startsWith("class", from);
  const end = Math.min(text.length, from + 400);
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const char = text[at];
    if (char === "(" || char === "[") depth += 1;
    else if (char === ")" || char === "]") depth -= 1;
    else if (char === ";" || (char === "{" && isClass) || (char === "\n" && depth <= 0 && !isClass)) {
      return text.slice(from, at);
    }
  }
  return text.slice(from, end);
}

/** The names and, step by step, all they stand for. */
function expand(names: readonly string[], meanings: Map<string, Set<string>>): string[] {
  const all = new Set(names);
  for (const name of all) for (const source of meanings.get(name) ?? []) all.add(source);
  return [...all];
}
