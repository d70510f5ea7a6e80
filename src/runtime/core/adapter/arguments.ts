import { isRecord } from "../clone.ts";
import { TaskValidationError } from "../errors.ts";
import { isUsuallyLeftOut, type Parameter, parametersOf } from "./parameters.ts";

/** A parameter by its name. */
export interface NamedParameter {
  /** The field of the task that fills it. */
  readonly name: string;
  /** Whether tasks may lack it; where this is absent, the name tells. */
  readonly optional?: boolean | undefined;
}

/** A parameter as an option names it. */
export type ParameterOption = string | NamedParameter;

type Callable = (...args: unknown[]) => unknown;

/** The parameters of a method: as an option gives them, else as its source shows them, else null. */
export function parametersFor(
  method: Callable,
  given: readonly ParameterOption[] | undefined,
): readonly Parameter[] | null {
  if (given === undefined) return parametersRead(method);
  return given.map((option) => {
    const { name, optional } = typeof option === "string" ? { name: option } : option;
    return { name, optional: optional ?? isUsuallyLeftOut(name), rest: false };
  });
}

/** By method: reading the source of a large one takes longer than an execution. */
const known = new WeakMap<Callable, readonly Parameter[] | null>();

function parametersRead(method: Callable): readonly Parameter[] | null {
  const found = known.get(method);
  if (found !== undefined) return found;
  const parameters = parametersOf(Function.prototype.toString.call(method));
  known.set(method, parameters);
  return parameters;
}

/**
 * The arguments for a task: one parameter gets the task; several are filled by name from its fields, or from an array;
 * a task that is neither is the first of them. Throws a {@link TaskValidationError} that names what is missing.
 */
export function argumentsFor(
  what: string,
  method: Callable,
  parameters: readonly Parameter[] | null,
  task: unknown,
): unknown[] {
  if (parameters === null) return unnamed(what, method, task);
  const [first, ...others] = parameters;
  if (others.length === 0)
    return first?.rest === true && Array.isArray(task) ? [...(task as unknown[])] : [task];
  if (Array.isArray(task)) return fromArray(what, parameters, task);
  const missing = others.filter(({ optional }) => !optional);
  if (!isRecord(task)) {
    if (missing.length > 0) throw missingParameters(what, parameters, missing);
    return [task];
  }
  const fits = ({ name }: Parameter) => name !== null && Object.hasOwn(task, name);
  const some = parameters.some(fits);
  // A method like `execute(task, options)` takes the task whole, also one that has options among its fields.
  const lacksFirst = first !== undefined && first.name !== null && !first.optional && !fits(first);
  if (missing.length === 0 && (!some || lacksFirst)) return [task];
  if (some) return fromFields(what, parameters, task);
  throw missingParameters(
    what,
    parameters,
    parameters.filter(({ name, optional }) => name !== null && !optional),
  );
}

/** What cannot be read (native and bound functions) still tells how many parameters it has. */
function unnamed(what: string, method: Callable, task: unknown): unknown[] {
  if (method.length <= 1) return [task];
  if (Array.isArray(task) && task.length >= method.length) return [...(task as unknown[])];
  throw new TaskValidationError(
    `The names of the ${method.length} parameters of ${what} cannot be read: give the task as an array of them, or set the option "parameters".`,
  );
}

function fromArray(what: string, parameters: readonly Parameter[], task: readonly unknown[]): unknown[] {
  const missing = parameters.slice(task.length).filter(({ optional }) => !optional);
  if (missing.length > 0) throw missingParameters(what, parameters, missing);
  return [...task];
}

function fromFields(
  what: string,
  parameters: readonly Parameter[],
  task: Record<string, unknown>,
): unknown[] {
  const has = (name: string | null): name is string => name !== null && Object.hasOwn(task, name);
  const missing = parameters.filter(({ name, optional }) => name !== null && !optional && !has(name));
  if (missing.length > 0) throw missingParameters(what, parameters, missing);
  const args = parameters.flatMap(({ name, rest }): unknown[] => {
    if (name === null) return [task];
    if (!has(name)) return rest ? [] : [undefined];
    const value = task[name];
    return rest && Array.isArray(value) ? [...(value as unknown[])] : [value];
  });
  // A method that counts its arguments sees no more of them than were given.
  while (args.length > 0 && args.at(-1) === undefined && !has(parameters[args.length - 1]?.name ?? null))
    args.pop();
  return args;
}

function missingParameters(
  what: string,
  parameters: readonly Parameter[],
  missing: readonly Parameter[],
): TaskValidationError {
  const signature = parameters
    .map(({ name, optional }) => `${name ?? "{…}"}${optional ? "?" : ""}`)
    .join(", ");
  const names = missing.map(({ name }) => name ?? "{…}");
  return new TaskValidationError(
    `The task lacks ${names.join(", ")}: ${what}(${signature}) takes its parameters from the fields of that name.`,
    names.map((name) => `${name} is missing`),
  );
}
