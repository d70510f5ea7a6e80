import {
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser/lib/esm/main.js";
import type * as z from "zod";
import { Pipeline, type Path } from "../../model/pipeline.ts";
import { misfitsOf } from "./checkOrder.ts";

/** What is wrong with the text of a pipeline, and where it stands. */
export interface PipelineProblem {
  path: Path;
  message: string;
  offset: number;
  length: number;
  /** From 1. */
  line: number;
  /** Whether editors see it by the schema alone. */
  bySchema: boolean;
}

export interface ParsedPipeline {
  /** Null where its schema does not fit. */
  pipeline: Pipeline | null;
  problems: PipelineProblem[];
}

export function parsePipeline(text: string): ParsedPipeline {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error !== undefined) {
    const { offset, length } = error;
    const message = `this is no JSON (${printParseErrorCode(error.error)})`;
    const problem = { path: [], message, offset, length, line: lineOf(text, offset), bySchema: true };
    return { pipeline: null, problems: [problem] };
  }
  const value: unknown = JSON.parse(text);
  const parsed = Pipeline.safeParse(value);
  if (parsed.success) {
    const problems = misfitsOf(parsed.data).map(({ path, message }) => problemAt(text, path, message));
    return { pipeline: parsed.data, problems };
  }
  const told = parsed.error.issues.flatMap((issue) => flat(issue, value, []));
  const problems = told.map(({ path, message }) => ({ ...problemAt(text, path, message), bySchema: true }));
  return { pipeline: null, problems };
}

/** What is missing is marked where it should stand. */
export function problemAt(text: string, path: Path, message: string): PipelineProblem {
  const { offset, length } = nearest(parseTree(text), path);
  return { path, message, offset, length, line: lineOf(text, offset), bySchema: false };
}

/** "steps[1].task.findings"; "the pipeline" for all of it. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text.replace(/^\./, "") || "the pipeline";
}

interface Told {
  path: Path;
  message: string;
}

/** Of the forms that a step may have, the one is told of that is meant. */
function flat(issue: z.core.$ZodIssue, value: unknown, above: Path): Told[] {
  const path: Path = [...above, ...issue.path.filter((part) => typeof part !== "symbol")];
  if (issue.code === "invalid_union") {
    const inner = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], value);
    const meant = issue.errors[formOf(inner)] ?? [];
    return meant.flatMap((one) => flat(one, inner, path));
  }
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
}

/** In the order of the union. */
function formOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return "parallel" in value ? 1 : "sequence" in value ? 2 : 0;
}

function nearest(tree: Node | undefined, path: Path): { offset: number; length: number } {
  for (let end = path.length; end > 0; end -= 1) {
    const node = tree && findNodeAtLocation(tree, path.slice(0, end));
    if (node !== undefined) return node;
  }
  return { offset: tree?.offset ?? 0, length: 1 };
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
