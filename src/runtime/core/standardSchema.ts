import { AgentUsageError } from "./errors.ts";

/** A step of the way to what is wrong. */
export interface StandardPathSegment {
  /** The property, or the index. */
  readonly key: PropertyKey;
}

/** One thing that a schema found wrong. */
export interface StandardIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where, from the outside in. */
  readonly path?: readonly (PropertyKey | StandardPathSegment)[] | undefined;
}

/** The value that a schema parsed. */
export interface StandardSuccess<Output> {
  /** The parsed value. */
  readonly value: Output;
  /** Tells success and failure apart. */
  readonly issues?: undefined;
}

/** What a schema found wrong. */
export interface StandardFailure {
  /** At least one. */
  readonly issues: readonly StandardIssue[];
}

/** The answer of a schema: the parsed value, or what is wrong. */
export type StandardResult<Output> = StandardSuccess<Output> | StandardFailure;

/** What Standard Schema prescribes of a schema. */
export interface StandardProperties<Output> {
  /** Of Standard Schema. */
  readonly version: 1;
  /** The library that made the schema. */
  readonly vendor: string;
  /** Parses a value. */
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** For the compiler only. */
  readonly types?: StandardTypes<Output> | undefined;
}

/** The types that a schema takes and gives. */
export interface StandardTypes<Output> {
  /** What it takes. */
  readonly input: unknown;
  /** What it gives. */
  readonly output: Output;
}

/** The part of Standard Schema (https://standardschema.dev) that is used; schemas of zod and others are ones. */
export interface StandardSchema<Output = unknown> {
  /** The name that Standard Schema prescribes. */
  readonly "~standard": StandardProperties<Output>;
}

/** Throws an {@link AgentUsageError} that begins with `what`, for example "The taskSchema is", for what is none. */
export function checkStandardSchema(schema: StandardSchema, what: string): void {
  const { "~standard": standard } = schema as { "~standard"?: { validate?: unknown } };
  if (typeof standard?.validate === "function") return;
  throw new AgentUsageError(
    `${what} not a Standard Schema: use one of zod (3.24 or newer), valibot, arktype or the like.`,
  );
}

/** An issue as one line: "path: message". */
export function issueText({ message, path }: StandardIssue): string {
  const keys = (path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
  return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
}
