import { type Context, createContext, Script } from "node:vm";

const longestPattern = 1000;
const longestMessage = 1000;
const timeoutMs = 250;

const script = new Script(
  "var match = new RegExp(pattern).exec(message); match === null ? null : Array.from(match)",
);

/** Matches regular expressions of unknown origin: one that would run for ages is stopped, and not tried again. */
export class PatternMatcher {
  #context: Context | null = null;
  readonly #refused = new Set<string>();

  /** The groups of the match, or null where the pattern does not match, is no regular expression, or takes too long. */
  match(pattern: string, message: string): string[] | null {
    if (pattern === "" || pattern.length > longestPattern || this.#refused.has(pattern)) return null;
    this.#context ??= createContext(Object.create(null) as object);
    Object.assign(this.#context, { pattern, message: message.slice(0, longestMessage) });
    try {
      const match = script.runInContext(this.#context, { timeout: timeoutMs }) as
        (string | undefined)[] | null;
      return match === null ? null : Array.from(match.slice(1), (group) => group ?? "");
    } catch {
      this.#refused.add(pattern);
      return null;
    }
  }
}
