import type { ClassMembers } from "../../migration/facts.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { capabilityOf, namesTask } from "../../runtime/core/dispatch.ts";
import { contradicts } from "../contradictions.ts";

/** `onMessage`: called by what runs the agent. */
export const isCallback = (method: string): boolean => /^on[A-Z]/.test(method);

/**
 * Whether a method can be meant where tasks are to be done, whatever its name says: not one that is handed code to call;
 * and where a class is called back, not what its base offers for some other work, such as `runWorkflow`.
 */
export function fittingMethods(
  { methods, inherited_methods }: AgentRecord,
  own: ClassMembers,
  calledBack: boolean,
): (method: string) => boolean {
  // Its own come last: they replace what is inherited.
  const known = new Map([...inherited_methods, ...methods].map(({ name, params }) => [name, params]));
  return (name) => {
    const params = known.get(name);
    if (params !== undefined && contradicts("task_execution", { name, params, agentCalls: [] })) return false;
    if (!calledBack || own.names.includes(name)) return true;
    return namesTask(name) || capabilityOf(name) !== "task_execution";
  };
}
