import type { AgentRecord, Parameter } from "../model/agentRecord.ts";
import { executionMethod } from "../runtime/core/dispatch.ts";

export type JsonSchema = Record<string, unknown>;

/** What is known of the task of an agent: any JSON where its method tells nothing. */
export function taskSchema(record: AgentRecord | undefined): JsonSchema {
  const possible = record === undefined ? [] : [...record.methods, ...record.inherited_methods];
  const method = executionMethod(possible.map(({ name }) => name));
  const params = (possible.find(({ name }) => name === method)?.params ?? []).filter(
    ({ name }) => !name.startsWith("..."),
  );
  const required = params.filter(({ optional }) => !optional);
  const [first] = required;
  const fromFields = required.length > 1 || (first?.type === "string" && params.length > 1);
  if (fromFields) return fieldsOf(params, required);
  return { description: "The task, any JSON.", ...(first !== undefined && schemaOf(first.type)) };
}

/** Constructor parameters by position. */
export function argumentsSchema(params: readonly Parameter[]): JsonSchema {
  const list = params.map(({ name, type }) => (type === "" ? name : `${name}: ${type}`)).join(", ");
  const least = params.filter(({ name, optional }) => !optional && !name.startsWith("...")).length;
  return { type: "array", description: `The constructor's arguments: (${list})`, minItems: least };
}

/** A method of several parameters takes them from the fields of the task. */
function fieldsOf(params: readonly Parameter[], required: readonly Parameter[]): JsonSchema {
  const properties = params.map(({ name, type }): [string, JsonSchema] => [name, schemaOf(type)]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: required.map(({ name }) => name),
  };
}

/** Of a type as it is written in TypeScript. */
function schemaOf(type: string): JsonSchema {
  const item = /^(?:readonly )?(\w+)\[\]$/.exec(type)?.[1];
  if (item !== undefined) return { type: "array", items: schemaOf(item) };
  if (type === "string" || type === "number" || type === "boolean") return { type };
  return type === "" || type === "any" || type === "unknown" ? {} : { description: `As TypeScript: ${type}` };
}
