import { executionMethod } from "../../runtime/core/dispatch.ts";
import { isUsuallyLeftOut } from "../../runtime/core/adapter/parameters.ts";
import type { AgentRecord, Parameter } from "../agentRecord.ts";
import { isAnything, type TaskShape } from "./taskShape.ts";
import { typeShape } from "./typeShape.ts";

/** The method that takes the tasks of an agent, with its parameters; undefined where none is known by its name. */
export function taskTaker({
  methods,
  inherited_methods: inherited,
}: Pick<AgentRecord, "methods" | "inherited_methods">):
  { name: string; params: readonly Parameter[] } | undefined {
  const possible = [...methods, ...inherited];
  const names = possible.map((candidate) => candidate.name);
  // What a BaseAgent inherits hands the task on to it.
  const name = names.includes("executeImpl") ? "executeImpl" : executionMethod(names);
  return possible.find((candidate) => candidate.name === name);
}

/**
 * What the tasks of a class look like by the types of its method's parameters, as the runtime fills these: one takes the
 * task whole, several are taken from its fields or from a list. Null where their text does not tell.
 */
export function methodShape(method: { name: string; params: readonly Parameter[] }): TaskShape | null {
  const params = method.name === "executeImpl" ? method.params.slice(0, 1) : method.params;
  const [first, ...others] = params;
  if (first === undefined || first.name.startsWith("...")) return null;
  const needed = params.filter(isNeeded).length;
  const whole = shapeOf(first);
  if (others.length === 0 || (needed < 2 && whole.type !== "string")) return isAnything(whole) ? null : whole;
  const fields = fieldsOf(params);
  return fields && { anyOf: [fields, ...(needed < 2 ? [whole] : []), { type: "array" }] };
}

/** Optional ones that are not known are left to JSON. */
function fieldsOf(params: readonly Parameter[]): TaskShape | null {
  const named = params.filter(({ name }) => /^[\w$]+$/.test(name));
  if (named.length < params.filter(isNeeded).length) return null;
  const shapes = named.map((param) => ({ param, shape: shapeOf(param) }));
  if (shapes.every(({ shape }) => isAnything(shape))) return null;
  const shown = shapes.filter(({ param, shape }) => isNeeded(param) || !isAnything(shape));
  const required = named.filter(isNeeded).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(shown.map(({ param, shape }) => [param.name, shape])),
    ...(required.length > 0 && { required }),
  };
}

const shapeOf = ({ type }: Parameter): TaskShape => typeShape(type);

const isNeeded = ({ name, optional }: Parameter): boolean =>
  !optional && !name.startsWith("...") && !isUsuallyLeftOut(name);
