import { type Context, createContext, Script } from "node:vm";

const longestPattern = 1000;
const longestMessage = 1000;
const timeoutMs = 250;
const budgetMs = 1000;
const mostRefused = 1000;

/** All patterns in one run: entering and leaving a context takes longer than most matches. */
const script = new Script(`(() => {
  const [sources, text] = [patterns, message];
  for (let i = at; i < sources.length; i += 1) {
    at = i;
    let match = null;
    try {
      match = new RegExp(sources[i]).exec(text);
    } catch {}
    if (match !== null) return Array.from(match);
  }
  return null;
})()`);

/** A pattern that matches. */
export interface Match {
  /** Which of the patterns. */
  index: number;
  /** What its groups matched. */
  groups: string[];
}

/** Matches regular expressions of unknown origin: one that would run for ages is stopped, and not tried again. */
export class PatternMatcher {
  #context: Context | null = null;
  readonly #refused = new Set<string>();

  /**
   * The patterns that match, `most` at most, in the order given; what is no regular expression or takes too long does
   * not match, and what is not reached within a second is not tried.
   */
  all(patterns: readonly string[], message: string, most: number): Match[] {
    const usable = patterns.flatMap((pattern, index) =>
      this.#isUsable(pattern) ? [{ pattern, index }] : [],
    );
    const context = (this.#context ??= createContext(Object.create(null) as object));
    Object.assign(context, {
      patterns: usable.map(({ pattern }) => pattern),
      message: message.slice(0, longestMessage),
    });
    const matches: Match[] = [];
    const deadline = performance.now() + budgetMs;
    for (
      context.at = 0;
      matches.length < most && deadline > performance.now();
      context.at = at(context) + 1
    ) {
      try {
        const match = script.runInContext(context, { timeout: timeoutMs }) as (string | undefined)[] | null;
        const index = usable[at(context)]?.index;
        if (match === null || index === undefined) break;
        matches.push({ index, groups: Array.from(match.slice(1), (group) => group ?? "") });
      } catch {
        this.#refuse(usable[at(context)]?.pattern ?? "");
      }
    }
    return matches;
  }

  #refuse(pattern: string): void {
    if (this.#refused.size >= mostRefused) this.#refused.clear();
    this.#refused.add(pattern);
  }

  #isUsable(pattern: string): boolean {
    return pattern !== "" && pattern.length <= longestPattern && !this.#refused.has(pattern);
  }
}

const at = (context: Context): number => context.at as number;
