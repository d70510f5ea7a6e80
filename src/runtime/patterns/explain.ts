import type { Grouping } from "./grouping.ts";
import { algorithm } from "./normalise.ts";
import type { SignatureParts, Signed } from "./signature.ts";
import type { ErrorPattern, Explanation, Why } from "./types.ts";

/** What is compared: an error, or a pattern that stands for its errors. */
export interface Explained extends SignatureParts {
  signature: string;
  /** Null where another program grouped it. */
  algorithm: number | null;
}

/** An error as what is compared. */
export const ofError = (signed: Signed): Explained => ({ ...signed, algorithm });

/** A pattern as what is compared. */
export function ofPattern(pattern: ErrorPattern): Explained {
  const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  return {
    signature: pattern.error_signature,
    algorithm: typeof pattern.algorithm === "number" ? pattern.algorithm : null,
    type: pattern.error_type,
    normalised: typeof pattern.normalised === "string" ? pattern.normalised : pattern.pattern,
    frames: texts(pattern.frames),
    causes: texts(pattern.causes),
  };
}

/** Why an error has its signature. */
export function why(signed: Signed): Why {
  const { signature, type, message, normalised, parts } = signed;
  const frames = [...signed.frames];
  const causes = [...signed.causes];
  const replaced = parts.replaced.map(({ kind, value }) => ({ kind, value }));
  return {
    signature,
    algorithm,
    type,
    message,
    normalised,
    replaced,
    frames,
    causes,
    sentences: [
      `The error's name is ${type}.`,
      replaced.length === 0
        ? `Its message counts as it is: ${quote(normalised)}.`
        : `Its message counts as ${quote(normalised)}; placeholders stand for ${replaced.map(({ value }) => quote(value)).join(", ")}.`,
      frames.length === 0
        ? "No frame of the program's own code is in its stack."
        : `It was thrown in ${frames.join(", called by ")}.`,
      ...causes.map((cause) => `It was caused by ${quote(cause)}.`),
    ],
  };
}

/** Why two errors are of one group or not. */
export function explain(a: Explained, b: Explained): Explanation {
  const same = a.signature === b.signature;
  const signatures: [string, string] = [a.signature, b.signature];
  if (same) {
    return {
      same,
      signatures,
      differs: [],
      sentences: [`Both are ${a.type} with the same message${andMore(a)}.`],
    };
  }
  const differs: Explanation["differs"] = [];
  const sentences: string[] = [];
  const compare = (what: Explanation["differs"][number], differ: boolean, sentence: () => string) => {
    if (!differ) return;
    differs.push(what);
    sentences.push(sentence());
  };
  compare("type", a.type !== b.type, () => `The first is ${a.type}, the second ${b.type}.`);
  compare("message", a.normalised !== b.normalised, () => messagesDiffer(a.normalised, b.normalised));
  compare("frames", !equal(a.frames, b.frames), () => listsDiffer("frame", a.frames, b.frames));
  compare("causes", !equal(a.causes, b.causes), () => listsDiffer("cause", a.causes, b.causes));
  compare(
    "algorithm",
    a.algorithm !== b.algorithm || differs.length === 0,
    () => `They were grouped by different algorithms (${nameOf(a)} and ${nameOf(b)}).`,
  );
  return { same, signatures, differs, sentences };
}

/** With what a person decided: two groups that are merged are one. */
export function byHand(grouping: Grouping, explanation: Explanation): Explanation {
  const [first, second] = explanation.signatures;
  const root = grouping.rootOf(first);
  if (explanation.same || root !== grouping.rootOf(second)) return explanation;
  const merged = explanation.signatures.filter((signature) => signature !== root);
  const sentence = `They count as one all the same: ${merged.join(" and ")} ${merged.length === 1 ? "is" : "are"} merged into ${root}.`;
  return { ...explanation, same: true, sentences: [...explanation.sentences, sentence] };
}

const nameOf = ({ algorithm: version }: Explained): string =>
  version === null ? "another program's" : `version ${version}`;

function andMore({ frames, causes }: Explained): string {
  const more = [
    frames.length > 0 ? "the same frames" : "no frame of the program's own code",
    causes.length > 0 ? "the same causes" : "no cause",
  ];
  return `, ${more.join(" and ")}`;
}

function messagesDiffer(a: string, b: string): string {
  const [first, second] = [a.split(" "), b.split(" ")];
  const at = first.findIndex((word, i) => word !== second[i]);
  const from = at === -1 ? first.length : at;
  const rest = (words: string[]) => (from >= words.length ? "its end" : quote(words.slice(from).join(" ")));
  const after = from === 0 ? "from the start" : `after ${quote(first.slice(0, from).join(" "))}`;
  return `Their messages differ ${after}: ${rest(first)} in the first, ${rest(second)} in the second.`;
}

function listsDiffer(what: string, a: readonly string[], b: readonly string[]): string {
  const length = Math.max(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  const name = (list: readonly string[]) => {
    const item = list[at];
    return item === undefined ? "none" : quote(item);
  };
  return `Their ${what} ${at + 1} differs: ${name(a)} in the first, ${name(b)} in the second.`;
}

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

const quote = (text: string): string => `"${text.length > 120 ? `${text.slice(0, 119)}…` : text}"`;
