import { AgentUsageError } from "../core/errors.ts";

/** Something that depends on others, by name. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Orders all so that each comes after what it depends on, and otherwise as they came. Throws an {@link AgentUsageError}
 * that names the dependencies that do not exist, or a cycle.
 */
export function inDependencyOrder<T extends Dependent>(all: ReadonlyMap<string, T>): T[] {
  checkKnown(all);
  const waitingFor = new Map([...all.values()].map((each) => [each, new Set(each.dependsOn).size]));
  const dependents = dependentsOf([...all.values()]);
  const ordered = [...all.values()].filter((each) => waitingFor.get(each) === 0);
  // Grows while it is gone through.
  for (const each of ordered) {
    for (const dependent of dependents.get(each.name) ?? []) {
      const left = (waitingFor.get(dependent) ?? 0) - 1;
      waitingFor.set(dependent, left);
      if (left === 0) ordered.push(dependent);
    }
  }
  if (ordered.length === all.size) return ordered;
  const names = cycleIn(all, new Set(ordered.map(({ name }) => name)));
  throw new AgentUsageError(
    `The agents depend on each other in a cycle: ${names.map((name) => `"${name}"`).join(" → ")}. None was started.`,
  );
}

/** Who depends on each. */
export function dependentsOf<T extends Dependent>(all: readonly T[]): Map<string, T[]> {
  const dependents = new Map<string, T[]>(all.map(({ name }) => [name, []]));
  for (const each of all) {
    for (const name of new Set(each.dependsOn)) dependents.get(name)?.push(each);
  }
  return dependents;
}

function checkKnown(all: ReadonlyMap<string, Dependent>): void {
  const unknown = [...all.values()].flatMap(({ name, dependsOn }) =>
    dependsOn
      .filter((dependency) => !all.has(dependency))
      .map((dependency) => `"${name}" depends on "${dependency}"`),
  );
  if (unknown.length === 0) return;
  throw new AgentUsageError(`${unknown.join(", ")}: no such agent was added. None was started.`);
}

/** Whoever is not ordered waits for another such one: following them ends in a cycle. */
function cycleIn(all: ReadonlyMap<string, Dependent>, ordered: ReadonlySet<string>): string[] {
  const path: string[] = [];
  let next = [...all.keys()].find((name) => !ordered.has(name));
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = all.get(next)?.dependsOn.find((name) => !ordered.has(name));
  }
  return next === undefined ? path : [...path.slice(path.indexOf(next)), next];
}
