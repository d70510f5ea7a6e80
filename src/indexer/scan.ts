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
  /** The text holds an `@agent` tag. */
  tagged: boolean;
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

export const NO_FACTS: FileFacts = { classes: [], exports: [], hasDefault: false, tagged: false };
export const DEFAULT_OF = "\0";

const ID = String.raw`[\w$\u0080-\uffff]+`;
const GAP = String.raw`(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)`;
const CLASS = new RegExp(
  String.raw`\bclass(?:${GAP}+(?!extends\b|implements\b)(${ID})|(?=${GAP}*[{<]|${GAP}+\w))`,
  "g",
);
/** What an anonymous class is assigned to; ends where the class starts. */
const ASSIGNED = new RegExp(String.raw`(${ID})\s*(?::[^=;]*)?[=:]\s*\(?\s*$`);
const NOISE = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const IDENTIFIER = new RegExp(ID, "g");
const KEYWORD =
  /^(?:extends|implements|typeof|class|as|function|return|this|string|number|boolean|unknown|any|require|\d.*)$/;

const AS = new RegExp(String.raw`(${ID})\s+as\s+(${ID})`, "g");
/** A name in a list that is not renamed. */
const PLAIN = new RegExp(String.raw`(?:^|,)\s*(?:type\s+)?(${ID})\s*(?=,|$)`, "g");
const EXPORT_LIST = /\bexport\s*(?:type\s*)?\{([^}]*)\}(?:\s*from\s*["']([^"'\n]+)["'])?/g;
const EXPORT_DEFAULT = /\bexport\s+default\b|\bmodule\.exports\s*=|\bexport\s*=/;
const DEFAULT_IMPORT = new RegExp(
  String.raw`\bimport\s+(?:type\s+)?(${ID})\s*(?:,\s*(?:\{[^}]*\}|\*\s*as\s+${ID})\s*)?from\s*["']([^"'\n]+)["']`,
  "g",
);
const REQUIRED = new RegExp(
  String.raw`(?:\b(?:const|let|var)|\bimport)\s+(${ID})\s*=\s*(?:await\s+)?(?:require|import)\s*\(\s*["']([^"'\n]+)["']\s*\)(?:\.(${ID}))?`,
  "g",
);
const DESTRUCTURED = /\b(?:const|let|var)\s*\{([^}]*)\}\s*=/g;
const IMPORT_LIST = /\bimport\b[^;'"()]*?\{([^}]*)\}\s*from\s*["']([^"'\n]+)["']/g;
const EXPORTED_OBJECT = /\bmodule\.exports\s*=\s*\{([^}]*)\}/g;
/** `export default`, `export =`, `module.exports =`, `exports.Name =`: the value follows. */
const EXPORTED_VALUE = new RegExp(
  String.raw`\b(?:export\s+default\s+|export\s*=\s*|(?:module\.exports|exports\.(${ID}))\s*=(?!=)\s*)`,
  "g",
);
const RENAMED = new RegExp(String.raw`(${ID})\s*:\s*(${ID})`, "g");
const VARIABLE = new RegExp(String.raw`\b(?:const|let|var)\s+(${ID})\s*(?::[^=;]{1,200})?=(?![=>])\s*`, "g");
const EXPORTED_VARIABLE = new RegExp(
  String.raw`\bexport\s+(?:const|let|var)\s+([A-Z$_][\w$]*)\s*(?::[^=;]{1,200})?=(?![=>])\s*`,
  "g",
);
const CLASSLIKE =
  /^(?:class\b|require\s*\(|(?!new\b|async\b|await\b|function\b)[A-Za-z_$][\w$.]*\s*(?:[(;,<]|\n|$|as\b))/;

const hasClass = /\bclass\b/;
const mayExport = /\bexport\b|\bexports\b/;

export function scan(text: string): FileFacts {
  const heads = text.includes("class") && hasClass.test(text) ? classHeads(text) : [];
  const exported = mayExport.test(text) ? exportedNames(text) : [];
  if (heads.length === 0 && exported.length === 0) return NO_FACTS;
  const used = new Set([...heads.flatMap((head) => head.bases), ...exported.flatMap((alias) => alias.of)]);
  const meanings = used.size > 0 ? localNames(text, used) : new Map<string, Set<string>>();
  const classes = heads.map(({ name, bases }) => ({ name, bases: expand(bases, meanings) }));
  const exports = exported
    .map(({ name, of }) => ({ name, of: expand(of, meanings).filter((source) => source !== name) }))
    .filter(({ of }) => of.length > 0);
  for (const { name } of heads) {
    const of = name === "" ? undefined : meanings.get(name);
    if (of !== undefined) exports.push({ name, of: [...of] });
  }
  return { classes, exports, hasDefault: EXPORT_DEFAULT.test(text), tagged: text.includes("@agent") };
}

function classHeads(text: string): ClassHead[] {
  const heads: ClassHead[] = [];
  for (const match of text.matchAll(CLASS)) {
    const from = match.index + match[0].length;
    const name = match[1] ?? ASSIGNED.exec(text.slice(Math.max(0, match.index - 200), match.index))?.[1];
    heads.push({ name: name ?? "", bases: identifiers(headAfter(text, from)) });
  }
  return heads;
}

/** The text up to the class body: the first brace outside brackets. */
function headAfter(text: string, from: number): string {
  const head = text.slice(from, from + 2_000).replace(NOISE, " ");
  let depth = 0;
  for (let at = 0; at < head.length; at += 1) {
    const char = head.charCodeAt(at);
    if (char === 40 /* ( */ || char === 60 /* < */) depth += 1;
    else if (char === 41 /* ) */ || (char === 62 /* > */ && head.charCodeAt(at - 1) !== 61)) depth -= 1;
    else if (char === 123 /* { */ && depth <= 0) return head.slice(0, at);
  }
  return head;
}

const identifiers = (text: string): string[] => [
  ...new Set((text.match(IDENTIFIER) ?? []).filter((word) => !KEYWORD.test(word))),
];

function exportedNames(text: string): Alias[] {
  const found: Alias[] = [];
  const add = (name: string, of: string[]) => void found.push({ name, of });
  for (const [, list = "", specifier] of text.matchAll(EXPORT_LIST)) {
    for (const [, from = "", to = ""] of list.matchAll(AS)) {
      add(to, [from === "default" && specifier !== undefined ? DEFAULT_OF + specifier : from]);
    }
    if (specifier === undefined) for (const [, name = ""] of list.matchAll(PLAIN)) add(name, [name]);
    if (specifier !== undefined && /(?:^|,)\s*default\s*(?:,|$)/.test(list)) {
      add("default", [DEFAULT_OF + specifier]);
    }
  }
  for (const [match, value] of valuesAfter(EXPORTED_VALUE, text)) add(match[1] ?? "default", value);
  for (const [, list = ""] of text.matchAll(EXPORTED_OBJECT)) {
    for (const [, to = "", from = ""] of list.matchAll(RENAMED)) add(to, [from]);
    for (const [, name = ""] of list.matchAll(PLAIN)) add(name, [name]);
  }
  for (const [match, value] of valuesAfter(EXPORTED_VARIABLE, text)) add(match[1] ?? "", value);
  return found;
}

/** What the used names of this file stand for: renamed imports, default imports, variables. */
function localNames(text: string, used: Set<string>): Map<string, Set<string>> {
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
  for (const [match, value] of valuesAfter(VARIABLE, text).reverse()) add(match[1] ?? "", value);
  for (const [, from = "", to = ""] of text.matchAll(AS)) if (from !== "default") add(to, [from]);
  for (const [, list = ""] of text.matchAll(DESTRUCTURED)) {
    for (const [, from = "", to = ""] of list.matchAll(RENAMED)) add(to, [from]);
  }
  for (const [, name = "", specifier = "", member] of text.matchAll(REQUIRED)) {
    add(name, [member ?? DEFAULT_OF + specifier]);
  }
  for (const [, name = "", specifier = ""] of text.matchAll(DEFAULT_IMPORT)) {
    add(name, [DEFAULT_OF + specifier]);
  }
  for (const [, list = "", specifier = ""] of text.matchAll(IMPORT_LIST)) {
    const local = /\bdefault\s+as\s+([\w$]+)/.exec(list)?.[1];
    if (local !== undefined) add(local, [DEFAULT_OF + specifier]);
  }
  return meanings;
}

/** The identifiers of each value that may be a class, with the match before it. */
function valuesAfter(pattern: RegExp, text: string): [RegExpExecArray, string[]][] {
  const found: [RegExpExecArray, string[]][] = [];
  for (const match of text.matchAll(pattern)) {
    const value = valueAt(text, match.index + match[0].length);
    if (CLASSLIKE.test(value)) found.push([match, identifiers(value)]);
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
