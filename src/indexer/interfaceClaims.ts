import { claimOf, meansMany } from "./agentName.ts";
import { STRONG, type Signal } from "./claims.ts";
import type { Linker } from "./linker.ts";
import { callable, entryPoint, type Linked } from "./members.ts";
import type { Plausible } from "./plausible.ts";
import type { Rules } from "./rules.ts";

/** The names of the interfaces a class implements, as they are declared; only those that may tell of agents. */
export const interfacesOf = (linker: Linker, plausible: Plausible, { model, target }: Linked): string[] =>
  model.implements
    .filter((expr) => {
      const name = linker.originalName(expr, target.path);
      return name === null || plausible.mayMeanAgent(name);
    })
    .map((expr) => linker.typeName(expr, target));

/** An agent's interface makes an agent, that of an adapter only what takes tasks. */
export function interfaceClaims(names: readonly string[], linked: Linked, rules: Rules): Signal[] {
  return names.flatMap((name): Signal[] => {
    const { is } = claimOf(name);
    if (is === "agent") return [{ weight: STRONG, text: `implements ${name}` }];
    const adapts = is === "adapter" && entryPoint(callable(linked.members), rules) !== null;
    return adapts ? [{ weight: 1.5, text: `implements ${name}` }] : [];
  });
}

/** Evidence of an interface that stands for several agents: "implements MultiAgent". */
export function interfaceOrchestration(names: readonly string[]): string[] | null {
  const name = names.find(meansMany);
  return name === undefined ? null : [`implements ${name}`];
}
