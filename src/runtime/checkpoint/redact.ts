import { isRecord } from "../core/clone.ts";
import type { RecordedAnswer } from "../core/question.ts";
import { REDACTED } from "../core/redacted.ts";
import { withoutKnownSecrets } from "./knownSecrets.ts";

/** A value without its secrets. */
export interface Redacted {
  /** The copy. */
  value: unknown;
  /** How many values were replaced. */
  count: number;
}

const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\b(?:sk|pk|rk)[-_](?:live|test|ant|proj|or|svcacct)[-_][\w-]{16,}/g,
  /\bsk-[A-Za-z0-9]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b|\bhf_[A-Za-z0-9]{30,}|\bpypi-[\w-]{50,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
];
/** Looking for where it begins takes long in texts that have none. */
const token = { has: ".eyJ", shape: /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,}\.[\w-]*/g };
const keyWords = "api access private secret encryption signing auth service account".split(" ");
/** What names a secret wherever a value follows; `db_password`, `clientSecret` and `PGPASSWORD` end so. */
const names = `passw(?:or)?d|passphrase|passcode|secret|(?:${keyWords.join("|")})[_-]?key|access[_-]?token|(?<![a-z0-9])(?:pwd|t?otp)`;
/** What may stand between a name and its value, in a shell, in YAML, in JSON and in JSON within JSON. */
const sign = String.raw`\\?["']?\s*[=:]\s*\\?["']?`;
const signOnLine = sign.replaceAll(String.raw`\s`, String.raw`[ \t]`);
/** A value ends with its quote, if it has one. */
const value = (shortest: number): string =>
  ['(?<=")(?:[^"', "(?<=')(?:[^'", String.raw`(?:[^\s"'&,;`]
    .map((start) => String.raw`${start}\\\r\n]|\\(?!["'])){${shortest},}`)
    .join("|");
const smallNumber = String.raw`\d{1,9}(?![\w.])`;

/** Only the second group is secret. */
const shapesInContext: readonly RegExp[] = [
  /(\b(?:Bearer|Basic)\s+)([\w.~+/=-]{12,})/gi,
  /((?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/[^\s:/@]*:)([^\s@/]+)(?=@)/gi,
];
/** The same after a name. */
const namedShapes: readonly RegExp[] = [
  new RegExp(`((?:${names})${sign})(${value(4)})`, "gi"),
  // Environment variables; a count of tokens is none.
  new RegExp(`(_(?:TOKEN|PASS|CREDENTIALS?)${signOnLine})(?!${smallNumber})(${value(6)})`, "g"),
  new RegExp(
    `((?<!CACHE|FOREIGN|INDEX|PARTITION|PRIMARY|PUBLIC|ROUTING|SORT|UNIQUE)_KEY${signOnLine})(?=\\S*\\d)(${value(12)})`,
    "g",
  ),
  // In prose, words follow a token too.
  new RegExp(
    `((?:[_-]token|-Token|[a-z0-9]Token)${signOnLine})(?!${smallNumber})(?=\\S*\\d|\\S{20})(${value(8)})`,
    "g",
  ),
  /([?&#](?:[\w-]*token|sig|signature)=|["'][\w-]*token\\?["']\s*:\s*\\?["'])([^\s"'&,;#\\]{4,})/gi,
  // --db-password hunter2
  new RegExp(
    String.raw`(-(?:passw(?:or)?d|passphrase|secret|token|key)(?<=(?:^|[\s"'])--[\w-]{0,40})\s+["']?)(?![-<$])(${value(4)})`,
    "gi",
  ),
];

/** What no secret shape does without: most texts have none of it, and need no closer look. */
const hints = {
  shapes: String.raw`PRIVATE KEY|[spr]k[-_]|gh[pousr]_|github_pat|glpat-|xox|xapp-|AKIA|ASIA|AIza|ya29|npm_|hf_|pypi-|SG\.|eyJ`,
  inContext: String.raw`bearer|basic|:\/\/`,
  named: String.raw`(?:passw(?:or)?d|_pass|pass(?:phrase|code)|pwd|otp|credentials?|secret|key|token)(?:[\\"']{0,2}\s*[=:]|(?<=-[a-z]+)\s)|[?&#]sig`,
};
/** Looking for the sign at once would take twice as long. */
const hint = new RegExp(
  `${hints.shapes}|${hints.inContext}|pass|pwd|otp|credential|secret|key|token|[?&#]sig`,
  "i",
);
const shapesHint = new RegExp(hints.shapes, "i");
const groupsInContext: readonly (readonly [hint: RegExp, shapes: readonly RegExp[]])[] = [
  [new RegExp(hints.inContext, "i"), shapesInContext],
  [new RegExp(hints.named, "i"), namedShapes],
];

/** Replaces secrets of well-known shapes, and those that this process knows, in a text by "[redacted]". */
export function redactText(written: string): { text: string; count: number } {
  const known = withoutKnownSecrets(written);
  const { text } = known;
  if (!hint.test(text)) return known;
  let { count } = known;
  let redacted = text;
  if (shapesHint.test(text)) {
    for (const shape of text.includes(token.has) ? [...shapes, token.shape] : shapes) {
      redacted = redacted.replace(shape, () => {
        count += 1;
        return REDACTED;
      });
    }
  }
  for (const [has, shapesOfGroup] of groupsInContext) {
    if (!has.test(redacted)) continue;
    for (const shape of shapesOfGroup) {
      redacted = redacted.replace(shape, (match, before: string, secret: string) => {
        if (secret.startsWith(REDACTED)) return match;
        count += 1;
        return before + REDACTED;
      });
    }
  }
  return { text: redacted, count };
}

const words = (key: string): string[] =>
  (key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

const secretWords = new Set(
  "password passwd pwd passphrase passcode otp totp secret secrets credential credentials authorization cookie cookies apikey apikeys".split(
    " ",
  ),
);
const secretKeys = new Set([...keyWords, "ssh"]);
/** What is told of a secret that does not give it away. */
const measures = new Set("length count size age ttl limit attempts strength policy".split(" "));

/** What a key says of its value: "texts" where numbers are none, as with `token`, which counts as often as it is secret. */
export type Secrecy = "none" | "texts" | "all";

/** For `apiKey` and `client_secret`; none for `maxTokens`, `keyword` and `passwordLength`. */
export function secrecyOf(key: string): Secrecy {
  const parts = words(key);
  const last = parts.at(-1) ?? "";
  const before = parts.at(-2);
  if (measures.has(last)) return "none";
  if (parts.some((word) => secretWords.has(word))) return "all";
  if ((last === "key" || last === "keys") && before !== undefined && secretKeys.has(before)) return "all";
  return last === "token" || last === "jwt" ? "texts" : "none";
}

/** Whether a key says that its value is a secret. */
export const isSecretKey = (key: string): boolean => secrecyOf(key) !== "none";

/** Whether a value goes because of its key: neither what says nothing, nor numbers too short to be a secret. */
export function isHidden(secrecy: Secrecy, value: unknown): boolean {
  if (secrecy === "none") return false;
  if (typeof value === "string") return value !== "" && value !== REDACTED;
  if (typeof value === "object") return value !== null;
  if (secrecy !== "all") return false;
  return typeof value === "bigint" || (Number.isInteger(value) && Math.abs(value as number) >= 1000);
}

/**
 * Replaces the values of secret-looking keys and secrets of well-known shapes by "[redacted]" in JSON-like data
 * (records, arrays, strings, and tagged Maps); of numbers, those that are long enough to be a password. Returns a copy
 * where something changed.
 */
export function redact(value: unknown): Redacted {
  const walk: Walk = { count: 0, above: new Set(), secrecies: new Map(), keys: new Map() };
  return { value: redactValue(value, walk), count: walk.count };
}

interface Walk {
  count: number;
  above: Set<object>;
  /** Keys repeat. */
  secrecies: Map<string, Secrecy>;
  keys: Map<string, string>;
}

function redactValue(value: unknown, walk: Walk): unknown {
  if (typeof value === "string") {
    const { text, count } = redactText(value);
    walk.count += count;
    return text;
  }
  if (typeof value !== "object" || value === null || walk.above.has(value)) return value;
  walk.above.add(value);
  try {
    return redactObject(value, walk);
  } finally {
    walk.above.delete(value);
  }
}

function redactObject(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) return value.map((item) => redactValue(item, walk));
  const { $type, value: tagged } = value as { $type?: unknown; value?: unknown };
  if (($type === "Map" || $type === "Object") && Array.isArray(tagged)) {
    const pairs = (tagged as [unknown, unknown][]).map(([key, item]) => [
      redactValue(key, walk),
      redactEntry(key, item, walk),
    ]);
    return { $type, value: pairs };
  }
  if (!isRecord(value)) return value;
  const taken = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactKey(key, taken, walk), redactEntry(key, item, walk)]),
  );
}

/** Keys that are secret stay apart from each other. */
function redactKey(key: string, taken: Set<string>, walk: Walk): string {
  let redacted = walk.keys.get(key);
  if (redacted === undefined) walk.keys.set(key, (redacted = redactText(key).text));
  if (redacted === key) return key;
  walk.count += 1;
  let name = redacted;
  for (let other = 2; taken.has(name); other += 1) name = `${redacted} ${other}`;
  taken.add(name);
  return name;
}

function redactEntry(key: unknown, item: unknown, walk: Walk): unknown {
  if (typeof key !== "string" || isEmptyTag(item)) return redactValue(item, walk);
  const secrecy = walk.secrecies.get(key) ?? secrecyOf(key);
  walk.secrecies.set(key, secrecy);
  if (!isHidden(secrecy, item)) return redactValue(item, walk);
  walk.count += 1;
  return REDACTED;
}

const isEmptyTag = (item: unknown): boolean =>
  typeof item === "object" &&
  ["undefined", "lost"].includes((item as { $type?: string } | null)?.$type ?? "");

/** "Which API key?" says of its answer what a key says of its value. */
export function redactAnswers(answers: readonly RecordedAnswer[]): {
  value: RecordedAnswer[];
  count: number;
} {
  const redacted = redact(answers);
  let { count } = redacted;
  const value = (redacted.value as RecordedAnswer[]).map(({ question, answer }) => {
    const secret = question.kind === "text" && (question.secret === true || isSecretKey(question.message));
    if (!secret || answer === "" || answer === REDACTED) return { question, answer };
    count += 1;
    return { question, answer: REDACTED };
  });
  return { value, count };
}
