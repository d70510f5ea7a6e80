import { fitsIn, optionLines, type AdapterOptions } from "./adapterText.ts";
import type { ClassFacts } from "./facts.ts";

/** The call of BaseAgent's constructor, its lines without their common indentation. */
export function superLines(facts: ClassFacts, margin: string, options: AdapterOptions): string[] {
  const { indent, semicolons } = facts.style;
  return [
    "super({",
    ...optionLines(facts, options, fitsIn(facts.style, margin)).map((line) => indent + line),
    `})${semicolons ? ";" : ""}`,
  ];
}

/** `BaseAgent<Task, Value>`, without what is unknown at its end. */
export function baseType(base: string, task: string | null, value: string | null): string {
  if (value !== null) return `${base}<${task ?? "unknown"}, ${value}>`;
  return task === null ? base : `${base}<${task}>`;
}
