import { charactersOf, type Kind, kinds } from "./kinds.ts";

/** The version of the grouping algorithm: a part of every signature. */
export const algorithm = 3;

const longest = 600;

/** What a placeholder stands for. */
export interface Replaced {
  /** The placeholder's name, for example "number". */
  kind: string;
  /** The text, the first one of a list. */
  value: string;
}

/** A message without what differs from one occurrence to the next. */
export interface Normalised {
  /** Placeholders such as `<number>` stand for what was replaced; a list of the like is one of them. */
  text: string;
  /** What was replaced, in order. */
  readonly replaced: Replaced[];
  /** A regular expression that matches messages of this kind; what was replaced is captured in groups. */
  readonly pattern: string;
}

interface Finder {
  expression: RegExp;
  kinds: readonly Kind[];
}

/** No kind begins between two letters: most places need no closer look. */
const notWithinWord = "(?<![A-Za-z](?=[A-Za-z]))";
const finders = new Map<number, Finder | null>();

/** The kinds that can occur among such characters, as one regular expression; null where there are none. */
function finderFor(characters: number): Finder | null {
  const known = finders.get(characters);
  if (known !== undefined) return known;
  const possible = kinds.filter(({ needs }) => (needs & characters) === needs);
  const source = `${notWithinWord}(?:${possible.map((kind) => `(${kind.source})`).join("|")})`;
  const finder = possible.length === 0 ? null : { expression: new RegExp(source, "g"), kinds: possible };
  finders.set(characters, finder);
  return finder;
}

/** Replaces ids, paths, dates, numbers and the like in an error message by placeholders. */
export function normalise(message: string): Normalised {
  const head = message.length > longest ? message.slice(0, longest) : message;
  const finder = finderFor(charactersOf(head));
  const pieces: Piece[] = [];
  let end = 0;
  if (finder !== null) {
    const { expression } = finder;
    expression.lastIndex = 0;
    for (let match = expression.exec(head); match !== null; match = expression.exec(head)) {
      const kind = kindOf(match, finder.kinds);
      if (kind === null) continue;
      const literal = head.slice(end, match.index);
      end = match.index + match[0].length;
      if (!continues(pieces.at(-1), literal, kind)) {
        pieces.push({ literal, kind, value: match[0], list: false });
      }
    }
  }
  const tail = head.slice(end);
  let text = "";
  for (const { literal, kind } of pieces) text += `${literal}<${kind.name ?? ""}>`;
  text += tail;
  return {
    text: untidy.test(text) ? text.replace(/\s+/g, " ").trim() : text,
    get replaced() {
      return pieces.map(({ kind, value }) => ({ kind: kind.name ?? "", value }));
    },
    get pattern() {
      return patternOf(pieces, tail);
    },
  };
}

const untidy = /^\s|\s$|\s\s|[^\S ]/;

/** Text that stays, and a placeholder after it. */
interface Piece {
  literal: string;
  kind: Kind;
  value: string;
  /** Whether more of the like came after it. */
  list: boolean;
}

/** The kind that matched; null for what stays. */
function kindOf(match: RegExpExecArray, possible: readonly Kind[]): Kind | null {
  let index = 1;
  while (match[index] === undefined) index += 1;
  const kind = possible[index - 1];
  return kind === undefined || kind.name === null ? null : kind;
}

/** Whether a placeholder continues a list: `blk_1 blk_2, blk_3` says as much as `blk_1`. */
function continues(before: Piece | undefined, literal: string, kind: Kind): boolean {
  if (before === undefined || before.kind.name !== kind.name || literal === "") return false;
  const between = /^(?:[,;]\s*|\s+)(\S*)$/.exec(literal);
  const prefix = between?.[1];
  if (prefix === undefined || prefix !== /[^\s,;([{]*$/.exec(before.literal)?.[0]) return false;
  before.list = true;
  return true;
}

function patternOf(pieces: readonly Piece[], tail: string): string {
  let pattern = "";
  for (const { literal, kind, list } of pieces) {
    pattern += escape(literal);
    pattern += list ? String.raw`([\s\S]+?)` : kind.spaced === true ? "(.+?)" : String.raw`(\S+)`;
  }
  return pattern + escape(tail);
}

const escape = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
