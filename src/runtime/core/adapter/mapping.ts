import { isBuiltIn } from "./members.ts";

/**
 * Where one argument comes from: `"task"` whole, a field of it by its path (`"task.user.id"`, `"task.items.0"`; with a
 * `?` at the end it may be missing), `"signal"` or `"context"` of the execution, `"callback"` (a Node-style callback
 * whose result is the method's), or a constant (`{ value: 5 }`).
 */
export type ArgumentSource = string | ConstantArgument;

/** An argument that is the same for every task. */
export interface ConstantArgument {
  /** What is passed. */
  readonly value: unknown;
}

/** Two methods that know the state of a legacy agent. */
export interface SnapshotMethods {
  /** The method that gives it, as plain data. */
  readonly get: string;
  /** The method that takes it. */
  readonly set: string;
}

/** The fields that hold the state of a legacy agent. */
export interface SnapshotFields {
  /** Their names. */
  readonly fields: readonly string[];
}

/** The state of a legacy agent: the two methods that give and take it, or the fields that hold it. */
export type SnapshotMapping = SnapshotMethods | SnapshotFields;

/** A field of a returned value that tells of a failure. */
export interface FailureField {
  /** Its name, or the path to it: `"status"`, `"result.code"`. */
  readonly field: string;
  /** What it is when the agent failed. */
  readonly equals: unknown;
}

/** What a returned value counts as failure by: `"reported"` (`{success: false}` or `{error}`), or a field of it. */
export type FailedWhenMapping = "reported" | FailureField;

/** How the agents of a class are called; what is left out is found by names, null is said field by field. */
export interface ClassMapping {
  /** The method that takes the task. */
  readonly method?: string | undefined;
  /** Its arguments, in order; null: by the names of its parameters. */
  readonly arguments?: readonly ArgumentSource[] | null | undefined;
  /** The method that `initialize` calls, null for none. */
  readonly init?: string | null | undefined;
  /** The method that `shutdown` calls, null for none. */
  readonly close?: string | null | undefined;
  /** What checkpoints keep and a failure rolls back; null: nothing, and no warning says so. */
  readonly snapshot?: SnapshotMapping | null | undefined;
  /** Which returned values count as failure; null: none. */
  readonly failedWhen?: FailedWhenMapping | null | undefined;
}

/**
 * {@link ClassMapping} by class name. What is said of a class holds for the classes derived from it; where both say
 * something, the nearer one counts, field by field.
 */
export type AdapterMapping = Readonly<Record<string, ClassMapping>>;

/** What a mapping says of an object: field by field, of the nearest class that says something. */
export function mappingFor(legacy: object, mapping: AdapterMapping | undefined): ClassMapping {
  if (mapping === undefined) return {};
  const entries = classNames(legacy).flatMap((name) => {
    const entry = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    return entry === undefined ? [] : Object.entries(entry).filter(([, value]) => value !== undefined);
  });
  return Object.fromEntries(entries.reverse());
}

/** The names of the classes of an object, nearest first; a function comes with its own. */
function classNames(legacy: object): string[] {
  const types: unknown[] = typeof legacy === "function" ? [legacy] : [];
  for (let at = protoOf(legacy); at !== null && !isBuiltIn(at); at = protoOf(at)) {
    types.push(Object.getOwnPropertyDescriptor(at, "constructor")?.value);
  }
  return types.flatMap((type) =>
    typeof type === "function" && typeof type.name === "string" ? type.name : [],
  );
}

const protoOf = (object: object) => Object.getPrototypeOf(object) as object | null;
