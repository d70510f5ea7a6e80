/** Characters without which a kind cannot occur; a message is looked through once to know which it has. */
const digit = 1;
const at = 2;
const slash = 4;
const quote = 8;
const dot = 16;
const equals = 32;
const colon = 64;
const hyphen = 128;

/** What is replaced by a placeholder, or kept as it is. */
export interface Kind {
  /** The placeholder's name; null for what stays although a later kind would match it. */
  readonly name: string | null;
  /** A regular expression. It has no groups that capture, and takes linear time. */
  readonly source: string;
  /** All of these characters (bits of {@link charactersOf}) are there wherever it matches. */
  readonly needs: number;
  /** May hold white space. */
  readonly spaced?: true;
}

const hex = "[0-9a-fA-F]";
const month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const weekday = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";
const octet = String.raw`\d{1,3}`;
const amount = String.raw`(?<![A-Za-z0-9])[-+]?\d+(?:[.,]\d+)*`;
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const port = String.raw`(?::\d{1,5})?`;
/** Endings that are no names of properties: `user.id` and `socket.io` are code. */
const domain = "(?:com|net|org|edu|gov|mil|local|internal|localdomain|COM|NET|ORG)";
/** Taken for endings only after two labels. */
const longDomain =
  "(?:io|dev|app|ai|co|cloud|tech|info|biz|br|ca|ch|cn|cz|de|es|eu|fi|fr|gr|hk|hu|il|ir|it|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sg|sk|tr|tw|ua|uk|us|za)";

const request = '"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ';

/** In this order: the first kind that matches at a place wins. */
export const kinds: readonly Kind[] = [
  // What was asked for in "GET /items/1 HTTP/1.1" varies, and not what was to be done with it.
  { name: null, needs: quote | slash, source: String.raw`${request}(?=[^"\n]*")` },
  { name: "quoted", needs: quote | slash, spaced: true, source: String.raw`(?<=${request})[^"\n]*"` },
  { name: "email", needs: at | dot, source: String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+` },
  {
    name: "url",
    needs: slash | colon,
    source: String.raw`\b[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/[^\s"'<>()[\]{}]+`,
  },
  {
    name: "host",
    needs: dot,
    source: String.raw`(?<![\w@.\\/$-])(?:${label}\.)+(?:${domain}|(?<=\.${label}\.)${longDomain})(?![\w-]|\.\w|\()${port}`,
  },
  {
    name: "ip",
    needs: digit | dot,
    source: String.raw`\b${octet}\.${octet}\.${octet}\.${octet}(?:\/\d{1,2})?\b${port}`,
  },
  { name: "mac", needs: digit | colon, source: String.raw`(?<![\w:])(?:${hex}{2}:){5}${hex}{2}(?![\w:])` },
  {
    name: "trace",
    needs: digit | hyphen,
    source: String.raw`\b00-${hex}{32}-${hex}{16}-${hex}{2}\b|\b1-${hex}{8}-${hex}{24}\b`,
  },
  {
    name: "uuid",
    needs: digit | hyphen,
    source: String.raw`\b${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}\b`,
  },
  {
    name: "date",
    needs: digit | hyphen,
    spaced: true,
    source: String.raw`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?`,
  },
  {
    name: "date",
    needs: digit,
    spaced: true,
    source: String.raw`\b(?:${weekday},?[ \t]+)?(?:\d{1,2}[ \t]+)?${month}\.?[ \t]+\d{1,4}(?:,?[ \t]+\d{4})?(?:[ \t]+\d\d:\d\d(?::\d\d)?)?(?:[ \t]+(?:\d{4}|GMT|UTC))?(?:[+-]\d{4})?(?![A-Za-z0-9])`,
  },
  { name: "date", needs: digit | slash, source: String.raw`\b\d{1,4}\/\d{1,2}\/\d{1,4}\b` },
  { name: "date", needs: digit | colon, source: String.raw`\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b` },
  {
    name: "ip",
    needs: digit | colon,
    source: String.raw`(?<![\w:])(?:${hex}{1,4}:){2,7}(?::?${hex}{1,4}){1,7}(?![\w:])|(?<![\w:])::1\b${port}|(?<![\w:]):::\d{1,5}\b`,
  },
  {
    name: "path",
    needs: slash,
    source: [
      String.raw`(?:\b[A-Za-z]:|\\)\\[^\s"'<>|:*?]+(?::\d+){0,2}`,
      String.raw`(?<![\w/.\])}>-])(?:~|\.{1,2})?\/(?:[\w.@+%=~-]+\/*)+(?::\d+){0,2}`,
      String.raw`(?<![\w/.-])[\w.@-]+(?:\/[\w.@-]+)+\.\w+(?::\d+){0,2}`,
    ].join("|"),
  },
  {
    name: "duration",
    needs: digit,
    spaced: true,
    source: String.raw`${amount}[ \t]?(?:[nuµμm]?s|m(?:illi)?sec(?:ond)?s?|sec(?:ond)?s?|min(?:ute)?s?|h(?:(?:ou)?rs?)?|days?)(?![A-Za-z0-9])|(?<![A-Za-z0-9])(?:\d+[dhm]){1,3}\d+(?:\.\d+)?m?s(?![A-Za-z0-9])`,
  },
  {
    name: "size",
    needs: digit,
    spaced: true,
    source: String.raw`${amount}[ \t]?(?:[kKMGTP]i?B|B|[kKmMgG]b|[kK]?[bB]ytes?)(?![A-Za-z0-9])`,
  },
  {
    name: "hex",
    needs: digit,
    source: String.raw`\b0[xX]${hex}+\b|\b(?:(?=[a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])${hex}{7,}|0\d{7,})\b`,
  },
  {
    // No word starts with a digit, few have three numbers in them, and few are as long after a prefix, as in call_….
    name: "id",
    needs: digit,
    source: String.raw`(?<![A-Za-z0-9])(?:(?=\d+[A-Za-z])[A-Za-z0-9]{12,}|(?=[A-Za-z]*\d+[A-Za-z]+\d+[A-Za-z]+\d)[A-Za-z0-9]{10,}|(?<=[a-z][_-])(?=[A-Za-z]*\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{20,})(?![A-Za-z0-9])`,
  },
  {
    // Keys of JSON, and codes that are their values, tell errors apart.
    name: null,
    needs: quote | colon,
    source: String.raw`"[\w.-]*"\s*:(?:\s*"[A-Za-z_][A-Za-z_.-]*"(?!\s*:))?`,
  },
  {
    name: "quoted",
    needs: quote,
    spaced: true,
    source: String.raw`"(?:[^"\\\n]|\\.)*"|(?<![A-Za-z0-9])'(?:[^'\\\n]|\\.)*'(?![A-Za-z0-9])|${"`"}[^${"`"}\n]*${"`"}`,
  },
  {
    name: "number",
    needs: digit,
    source: String.raw`(?<![A-Za-z0-9])[-+]?\d+(?:[.,:]\d+)*(?:[eE][+-]?\d+)?%?`,
  },
  { name: "bool", needs: equals, source: "(?<==)(?:[Tt]rue|[Ff]alse)(?![A-Za-z0-9_])" },
];

const bits = new Uint8Array(128);
for (const [characters, bit] of [
  ["0123456789", digit],
  ["@", at],
  ["/\\", slash],
  ["\"'`", quote],
  [".", dot],
  ["=", equals],
  [":", colon],
  ["-", hyphen],
] as const) {
  for (const character of characters) bits[character.charCodeAt(0)] = bit;
}

/** Which of the characters that kinds need a text has, as bits. */
export function charactersOf(text: string): number {
  let found = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 128) found |= bits[code] ?? 0;
  }
  return found;
}
