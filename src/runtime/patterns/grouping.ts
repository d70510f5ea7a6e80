import { isRecord } from "../core/clone.ts";
import type { ErrorPattern, SplitRule } from "./types.ts";

/** What is split off may be split again, so often: a file may hold a circle, or a chain without end. */
const mostSteps = 20;

/** Which patterns count as one, and which errors of a pattern count apart: what people decided about grouping. */
export class Grouping {
  readonly #patterns = new Map<string, ErrorPattern>();
  readonly #roots = new Map<string, string>();

  constructor(patterns: readonly ErrorPattern[]) {
    for (const pattern of patterns) {
      if (!this.#patterns.has(pattern.error_signature)) this.#patterns.set(pattern.error_signature, pattern);
    }
  }

  /** The signature of the pattern that a pattern is merged into, over several steps; its own where it is not. */
  rootOf(signature: string): string {
    const path: string[] = [];
    const places = new Map<string, number>();
    let here = signature;
    let root = this.#roots.get(here);
    while (root === undefined) {
      places.set(here, path.length);
      path.push(here);
      const into = this.#patterns.get(here)?.merged_into;
      if (typeof into !== "string" || !this.#patterns.has(into)) root = here;
      // Two people may have merged one into the other.
      else if (places.has(into)) root = path.slice(places.get(into)).sort()[0] ?? into;
      else root = this.#roots.get((here = into));
    }
    // A long chain is followed once.
    for (const each of path) this.#roots.set(each, root);
    return root;
  }

  /** Where an error of a signature counts: by the first rule that it fits, and so on from part to part. */
  placeOf(signature: string, error: { agent: string | null; message: string }): string {
    const passed = new Set<string>();
    let here = signature;
    while (!passed.has(here) && passed.size < mostSteps) {
      passed.add(here);
      const pattern = this.#patterns.get(here);
      const rule = pattern === undefined ? undefined : splitsOf(pattern).find((each) => fits(each, error));
      if (rule === undefined) break;
      here = rule.into;
    }
    return here;
  }

  /** Whether a person wants to hear nothing of the group of a pattern. */
  isMuted(signature: string, now: Date): boolean {
    return isMuted(this.#patterns.get(this.rootOf(signature)), now);
  }
}

/** The patterns that count as one with a pattern, that one among them. */
export function membersOf(patterns: readonly ErrorPattern[], signature: string): ErrorPattern[] {
  const grouping = new Grouping(patterns);
  const root = grouping.rootOf(signature);
  return patterns.filter(({ error_signature }) => grouping.rootOf(error_signature) === root);
}

/** Whether it is muted for good, or until a time that has not come. */
export function isMuted(pattern: ErrorPattern | undefined, now: Date): boolean {
  const muted = pattern?.muted;
  return muted === true || (typeof muted === "string" && Date.parse(muted) > now.getTime());
}

/** The rules by which errors of a pattern count apart. */
export function splitsOf({ split }: ErrorPattern): SplitRule[] {
  return Array.isArray(split) ? split.filter(isRule) : [];
}

function isRule(value: unknown): value is SplitRule {
  if (!isRecord(value) || typeof value.into !== "string") return false;
  return value.by === "agent" ? typeof value.agent === "string" : typeof value.contains === "string";
}

/** Whether an error counts apart by a rule. */
export function fits(rule: SplitRule, error: { agent: string | null; message: string }): boolean {
  return rule.by === "agent" ? error.agent === rule.agent : error.message.includes(rule.contains);
}
