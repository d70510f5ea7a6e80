import { isRecord } from "../core/clone.ts";
import type { RecordedAnswer } from "../core/question.ts";
import { REDACTED } from "../core/redacted.ts";

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
/** Only the second group is secret. */
const shapesInContext: readonly RegExp[] = [
  /(\b(?:Bearer|Basic)\s+)([\w.~+/=-]{12,})/gi,
  /((?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/[^\s:/@]*:)([^\s@/]+)(?=@)/gi,
  /(\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token|client[_-]?secret)["']?\s*[=:]\s*["']?)([^\s"'&,;]{4,})/gi,
  /([?&#](?:[\w-]*token|sig|signature)=|["'][\w-]*token["']\s*:\s*["'])([^\s"'&,;#]{4,})/gi,
];

/** What no secret shape does without: most texts have none of it, and need no closer look. */
const hint =
  /PRIVATE KEY|[spr]k[-_]|gh[pousr]_|github_pat|glpat-|xox|xapp-|AKIA|ASIA|AIza|ya29|npm_|hf_|pypi-|SG\.|eyJ|bearer|basic|:\/\/|passw|pwd|secret|api[_-]?key|token|[?&#]sig/i;

/** Replaces secrets of well-known shapes in a text by "[redacted]". */
export function redactText(text: string): { text: string; count: number } {
  if (!hint.test(text)) return { text, count: 0 };
  let count = 0;
  let redacted = text;
  for (const shape of text.includes(token.has) ? [...shapes, token.shape] : shapes) {
    redacted = redacted.replace(shape, () => {
      count += 1;
      return REDACTED;
    });
  }
  for (const shape of shapesInContext) {
    redacted = redacted.replace(shape, (match, before: string, secret: string) => {
      if (secret.startsWith(REDACTED)) return match;
      count += 1;
      return before + REDACTED;
    });
  }
  return { text: redacted, count };
}

const words = (key: string): string[] =>
  (key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

const secretWords = new Set(
  "password passwd pwd passphrase passcode secret secrets credential credentials authorization cookie cookies apikey apikeys".split(
    " ",
  ),
);
const secretKeys = new Set(
  "api access private secret encryption signing auth service account ssh".split(" "),
);

/** Whether a key says that its value is a secret: `apiKey`, `client_secret`; not `maxTokens` or `keyword`. */
export function isSecretKey(key: string): boolean {
  const parts = words(key);
  const last = parts.at(-1);
  const before = parts.at(-2);
  return (
    parts.some((word) => secretWords.has(word)) ||
    last === "token" ||
    last === "jwt" ||
    ((last === "key" || last === "keys") && before !== undefined && secretKeys.has(before))
  );
}

/**
 * Replaces the values of secret-looking keys and secrets of well-known shapes by "[redacted]" in JSON-like data
 * (records, arrays, strings, and tagged Maps). Returns a copy where something changed.
 */
export function redact(value: unknown): Redacted {
  const walk: Walk = { count: 0, above: new Set(), secretKeys: new Map() };
  return { value: redactValue(value, walk), count: walk.count };
}

interface Walk {
  count: number;
  above: Set<object>;
  /** Keys repeat. */
  secretKeys: Map<string, boolean>;
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
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactEntry(key, item, walk)]));
}

function redactEntry(key: unknown, item: unknown, walk: Walk): unknown {
  const worth = (typeof item === "string" && item !== "") || (typeof item === "object" && item !== null);
  if (!worth || item === REDACTED || typeof key !== "string" || isEmptyTag(item))
    return redactValue(item, walk);
  const secret = walk.secretKeys.get(key) ?? isSecretKey(key);
  walk.secretKeys.set(key, secret);
  if (!secret) return redactValue(item, walk);
  walk.count += 1;
  return REDACTED;
}

const isEmptyTag = (item: unknown): boolean =>
  typeof item === "object" && ["undefined", "lost"].includes((item as { $type?: string }).$type ?? "");

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
