import * as z from "zod";
import { capabilityOf } from "../core/dispatch.ts";
import { whyNoAgent } from "./impostors.ts";
import type { DiscoveredAgent, DiscoveredMethod } from "./types.ts";

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const line = z.number().int().nonnegative().catch(0);
const strings = listOf(z.string());

/** Keeps the items that can be read. */
function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.map((each) => item.safeParse(each)).flatMap((each) => each.data ?? []));
}

const Parameter = z.object({
  name: z.string(),
  type: z.string().catch(""),
  optional: z.boolean().catch(false),
});

const Method = z.union([
  z.string().transform((name) => ({ name })),
  z.object({
    name: z.string(),
    lineno: line,
    docstring: text,
    async: flag,
    params: listOf(Parameter).optional(),
  }),
]);

/**
 * The part of an index line that is used. Only what says which class it is must be there: the files that other programs
 * write have less than ours, and whatever else is wrong counts as not told.
 */
const IndexLine = z.object({
  data: z.object({
    name: z.string(),
    file_path: z.string().min(1),
    lineno: line,
    language: text,
    agent_type: text,
    docstring: text,
    bases: strings,
    methods: listOf(Method),
    capabilities: listOf(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])),
    role: text,
    evidence: strings,
    exported: text,
    abstract: flag,
    constructor_params: listOf(Parameter).optional(),
    test: flag,
    migrated: flag,
    adapts: text,
  }),
});

const Envelope = z.object({ item_type: z.string() });

const languages: Readonly<Record<string, string>> = {
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  py: "python",
  pyi: "python",
};

/** Why a line was not read. */
export class UnreadableLine extends Error {}

/** The class that a line names; null where the line is about something else. Throws an {@link UnreadableLine}. */
export function readLine(json: string): DiscoveredAgent | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UnreadableLine("it is not JSON");
  }
  const envelope = Envelope.safeParse(value);
  if (!envelope.success) throw new UnreadableLine("it is not a line of an index");
  if (!envelope.data.item_type.startsWith("agent_")) return null;
  const parsed = IndexLine.safeParse(value);
  if (parsed.success) return discovered(parsed.data.data);
  const path = parsed.error.issues[0]?.path.join(".") ?? "data";
  throw new UnreadableLine(`its ${path} is missing or of the wrong type`);
}

function discovered(data: z.infer<typeof IndexLine>["data"]): DiscoveredAgent {
  const methods = data.methods.map(discoveredMethod);
  const names = methods.map(({ name }) => name);
  const reason = whyNoAgent({ role: data.role, evidence: data.evidence, bases: data.bases, methods: names });
  const file = data.file_path.replaceAll("\\", "/");
  const proved = names.map((name) => capabilityOf(name)).filter((name) => name !== null);
  return {
    name: data.name,
    file,
    line: data.lineno,
    language: data.language ?? languageOf(file),
    agentType: data.agent_type ?? "general",
    docstring: data.docstring ?? null,
    bases: data.bases,
    methods,
    capabilities: [...new Set(data.capabilities.length > 0 ? data.capabilities : proved)],
    isAgent: reason === null,
    reason,
    exported: data.exported ?? null,
    abstract: data.abstract ?? false,
    constructorParams: data.constructor_params ?? null,
    test: data.test ?? false,
    migrated: data.migrated ?? false,
    adapts: data.adapts ?? null,
  };
}

function discoveredMethod(method: z.infer<typeof Method>): DiscoveredMethod {
  if (!("lineno" in method)) return { ...method, line: 0, docstring: null, async: null, params: null };
  const { name, lineno, docstring, async, params } = method;
  return { name, line: lineno, docstring: docstring ?? null, async: async ?? null, params: params ?? null };
}

function languageOf(file: string): string {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(languages, extension) ? (languages[extension] as string) : "unknown";
}
