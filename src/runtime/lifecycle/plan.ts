import { AgentUsageError } from "../core/errors.ts";

/** Something that depends on others, by name. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: ReadonlySet<string>;
}

/**
 * Orders all so that each comes after what it depends on, and otherwise as they came. Throws an {@link AgentUsageError}
 * that names the dependencies that do not exist, or a cycle.
 */
export function inDependencyOrder<T extends Dependent>(all: ReadonlyMap<string, T>): T[] {
  checkKnown(all);
  const dependents = dependentsOf(all.values());
  // A set that is added to is gone through to its new end.
  const ordered = new Set([...all.values()].filter(({ dependsOn }) => dependsOn.size === 0));
  const left = new Map([...all.values()].map((each) => [each, new Set(each.dependsOn)]));
  for (const { name } of ordered) {
    for (const dependent of dependents.get(name) ?? []) {
      const missing = left.get(dependent);
      missing?.delete(name);
      if (missing?.size === 0) ordered.add(dependent);
    }
  }
  for (const each of ordered) left.delete(each);
  if (left.size === 0) return [...ordered];
  const names = cycleIn([...left.keys()]).map((name) => `"${name}"`);
  throw new AgentUsageError(
    `The agents depend on each other in a cycle: ${names.join(" → ")}. None was started.`,
  );
}

/** Who depends on each; nothing for those whom nobody depends on. */
export function dependentsOf<T extends Dependent>(all: Iterable<T>): Map<string, T[]> {
  const dependents = new Map<string, T[]>();
  for (const each of all) {
    for (const name of each.dependsOn) {
      const known = dependents.get(name);
      if (known === undefined) dependents.set(name, [each]);
      else known.push(each);
    }
  }
  return dependents;
}

function checkKnown(all: ReadonlyMap<string, Dependent>): void {
  const unknown = [...all.values()].flatMap(({ name, dependsOn }) =>
    [...dependsOn]
      .filter((dependency) => !all.has(dependency))
      .map((dependency) => `"${name}" depends on "${dependency}"`),
  );
  if (unknown.length === 0) return;
  throw new AgentUsageError(`${unknown.join(", ")}: no such agent was added. None was started.`);
}

/** Each of these waits for another one of these: following them ends in a cycle. */
function cycleIn(waiting: readonly Dependent[]): string[] {
  const path: string[] = [];
  let next = waiting[0];
  while (next !== undefined && !path.includes(next.name)) {
    path.push(next.name);
    const { dependsOn } = next;
    next = waiting.find(({ name }) => dependsOn.has(name));
  }
  const closing = next?.name ?? "";
  return [...path.slice(path.indexOf(closing)), closing];
}
