import { DEFAULT_OF } from "./makingFacts.ts";
import type { Rules } from "./rules.ts";
import type { FileFacts } from "./scan.ts";

/** Answers with the workspace file behind a specifier, null for packages. */
type Locate = (specifier: string, from: string) => string | null;

/**
 * The files that may hold agent classes: those with a class whose name or heritage speaks of agents, and, step by step,
 * those with a class that extends such a one, under whatever name. Works on names alone, so it may name too many.
 */
export const candidates = (
  files: ReadonlyMap<string, FileFacts>,
  locate: Locate,
  rules: Rules,
): Set<string> => closure(files, locate, rules).paths;

/** The same with the names that led to them. */
export function closure(
  files: ReadonlyMap<string, FileFacts>,
  locate: Locate,
  rules: Rules,
): { paths: Set<string>; names: ReadonlySet<string> } {
  const mayMeanAgent = (name: string) => rules.mayMeanAgent(name);
  const heirs = new Map<string, (() => unknown)[]>();
  const reached = new Set<string>();
  const queue: string[] = [];
  const found = new Set<string>();

  const reach = (name: string) => {
    if (name === "" || reached.has(name)) return;
    reached.add(name);
    queue.push(name);
  };
  const whenReached = (names: readonly string[], path: string, act: () => unknown) => {
    for (const written of names) {
      let name = written;
      if (written.startsWith(DEFAULT_OF)) {
        const target = locate(written.slice(1), path);
        if (target === null) continue;
        name = DEFAULT_OF + target;
      }
      const waiting = heirs.get(name);
      if (waiting === undefined) heirs.set(name, [act]);
      else waiting.push(act);
    }
  };

  for (const [path, facts] of files) {
    const offer = (name: string) => reach(name === "default" ? DEFAULT_OF + path : name);
    const list = (name: string) => {
      found.add(path);
      reach(name);
      if (facts.hasDefault) offer("default");
    };
    if (facts.coordinates) found.add(path);
    for (const { name, bases } of facts.classes) {
      if (facts.tagged || mayMeanAgent(name) || bases.some(mayMeanAgent)) list(name);
      else whenReached(bases, path, () => list(name));
    }
    for (const { name, of } of facts.exports) {
      if (of.some(mayMeanAgent)) offer(name);
      else whenReached(of, path, () => offer(name));
    }
  }
  for (const [path, { makings }] of files) {
    if (makings.framework) found.add(path);
    else whenReached(makings.constructs, path, () => found.add(path));
  }
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const act of heirs.get(name) ?? []) act();
    heirs.delete(name);
  }
  return { paths: found, names: reached };
}
