import { AgentUsageError } from "../errors.ts";
import type { ExecutionContext } from "../types.ts";
import { argumentsFor, parametersFor } from "./arguments.ts";
import type { Settings } from "./legacy.ts";
import { callMapped } from "./mapped.ts";
import { members, methodAt, nameOf } from "./members.ts";

/** Calls a method of a legacy agent with a task; throws an {@link AgentUsageError} where there is no such method. */
export function callTask(
  legacy: object,
  name: string | null,
  settings: Settings,
  task: unknown,
  context: ExecutionContext,
): unknown {
  const method = name === null ? null : methodAt(legacy, name);
  if (name === null || method === null) throw new AgentUsageError(noMethod(legacy, settings.method));
  const call = (args: unknown[]): unknown => Reflect.apply(method, legacy, args);
  if (settings.arguments) return callMapped(name, call, settings.arguments, task, context);
  return call(argumentsFor(name, method, parametersFor(method, settings.parameters), task));
}

function noMethod(legacy: object, method: string | undefined): string {
  if (method !== undefined) return `${nameOf(legacy)} has no method ${method}.`;
  const names = members(legacy).flatMap(({ name, kind }) => (kind === "method" ? [name] : []));
  const none = `${nameOf(legacy)} has no method that takes tasks, such as execute, run or processMessage.`;
  return names.length === 0
    ? `${none} It has no methods.`
    : `${none} It has ${names.slice(0, 10).join(", ")}: name one with the option "method".`;
}
