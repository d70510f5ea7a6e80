/** The version of the grouping algorithm: a part of every signature. */
export const algorithm = 1;

const longest = 600;

/** What is replaced, in this order: the first kind that matches at a place wins. */
const kinds: readonly (readonly [kind: string, source: string])[] = [
  ["email", String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`],
  ["url", String.raw`\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>()[\]{}]+`],
  ["uuid", String.raw`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`],
  [
    "date",
    [
      String.raw`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?`,
      String.raw`\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(?:\d{1,2}\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,4}(?:,?\s+\d{4})?(?:\s+\d\d:\d\d(?::\d\d)?)?(?:\s+(?:\d{4}|GMT|UTC))?`,
      String.raw`\b\d{1,4}\/\d{1,2}\/\d{1,4}\b`,
      String.raw`\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b`,
    ].join("|"),
  ],
  [
    "ip",
    String.raw`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?\b|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])|(?<![\w:])::1\b`,
  ],
  [
    "path",
    String.raw`(?:\b[a-z]:|\\)\\[^\s"'<>|:*?]+(?::\d+){0,2}|(?<![\w/.\])}>-])(?:~|\.{1,2})?\/(?:[\w.@+%=~-]+\/?)+(?::\d+){0,2}|(?<![\w/.-])[\w.@-]+(?:\/[\w.@-]+)+\.\w+(?::\d+){0,2}`,
  ],
  ["hex", String.raw`\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b`],
  [
    "quoted",
    String.raw`"(?:[^"\\\n]|\\.)*"|(?<![A-Za-z0-9])'(?:[^'\\\n]|\\.)*'(?![A-Za-z0-9])|${"`"}[^${"`"}\n]*${"`"}`,
  ],
  [
    "number",
    String.raw`(?<![A-Za-z0-9])[-+]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?:(?:ms|s|sec|min|h|[kmgt]i?b|bytes|%)(?![A-Za-z]))?`,
  ],
];

const combined = new RegExp(kinds.map(([kind, source]) => `(?<${kind}>${source})`).join("|"), "gi");
const order = kinds.map(([kind]) => kind);

/** A message without what differs from one occurrence to the next. */
export interface Normalised {
  /** Placeholders such as `<number>` stand for what was replaced. */
  text: string;
  /** A regular expression that matches messages of this kind; what was replaced is captured in groups. */
  pattern: string;
}

/** Replaces ids, paths, dates, numbers and the like in an error message by placeholders. */
export function normalise(message: string): Normalised {
  const head = message.slice(0, longest);
  let text = "";
  let pattern = "";
  let end = 0;
  const literal = (part: string) => {
    text += part;
    pattern += escape(part);
  };
  for (const match of head.matchAll(combined)) {
    literal(head.slice(end, match.index));
    const kind = order.find((name) => match.groups?.[name] !== undefined) ?? "value";
    text += `<${kind}>`;
    pattern += kind === "quoted" || kind === "date" ? "(.+?)" : String.raw`(\S+)`;
    end = match.index + match[0].length;
  }
  literal(head.slice(end));
  return { text: text.replace(/\s+/g, " ").trim(), pattern };
}

const escape = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
