import { AgentUsageError } from "../core/errors.ts";

/** The names of the topics of a map from topic to message. */
export type TopicOf<Topics> = keyof Topics & string;

/** A topic, or a prefix of topics followed by `*`: `task.*` stands for `task.done`, `*` for every topic. */
export type PatternOf<Topics> = TopicOf<Topics> | `${string}*`;

/** The topics that a pattern stands for. */
export type MatchingTopic<Topics, Pattern extends string> = Pattern extends `${infer Prefix}*`
  ? string extends TopicOf<Topics>
    ? string
    : Extract<TopicOf<Topics>, `${Prefix}${string}`>
  : Extract<TopicOf<Topics>, Pattern>;

/** The messages of the topics that a pattern stands for. */
export type MessageOf<Topics, Pattern extends string> =
  string extends TopicOf<Topics>
    ? Topics[TopicOf<Topics>]
    : Topics[MatchingTopic<Topics, Pattern> & keyof Topics];

/** Throws where a message cannot be published under this name. */
export function checkTopic(topic: unknown): asserts topic is string {
  checkPattern(topic);
  if (!topic.endsWith("*")) return;
  throw new AgentUsageError(
    `"${topic}" cannot be a topic: a "*" at the end stands for many topics. Subscribe with it, publish without it.`,
  );
}

/** Throws where nothing can be subscribed under this name. */
export function checkPattern(pattern: unknown): asserts pattern is string {
  if (typeof pattern === "string" && pattern !== "") return;
  throw new AgentUsageError("A topic is a text that is not empty, for example task.done.");
}

/** Throws where this is no number of messages. */
export function checkHighWaterMark(highWaterMark: number): number {
  if (highWaterMark === Infinity || (Number.isInteger(highWaterMark) && highWaterMark >= 0))
    return highWaterMark;
  throw new AgentUsageError(
    `highWaterMark is a number of messages, 0 or more; ${String(highWaterMark)} is not.`,
  );
}

/** Whether a topic is one of those that a pattern stands for. */
export const matches = (pattern: string, topic: string): boolean =>
  pattern.endsWith("*") ? topic.startsWith(pattern.slice(0, -1)) : pattern === topic;

/** Patterns that are asked often. */
export class PatternSet {
  readonly #exact = new Set<string>();
  readonly #prefixes: string[] = [];
  /** What it was made of. */
  readonly patterns: readonly string[];

  constructor(patterns: readonly string[]) {
    this.patterns = patterns;
    for (const pattern of patterns) {
      if (pattern.endsWith("*")) this.#prefixes.push(pattern.slice(0, -1));
      else this.#exact.add(pattern);
    }
  }

  matches(topic: string): boolean {
    return this.#exact.has(topic) || this.#prefixes.some((prefix) => topic.startsWith(prefix));
  }
}
