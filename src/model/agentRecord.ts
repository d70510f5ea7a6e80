import * as z from "zod";

/** A parameter as written in the source; `type` is the annotation's (or JSDoc's) text, "" where there is none. */
export const Parameter = z.object({ name: z.string(), type: z.string(), optional: z.boolean() });
export type Parameter = z.infer<typeof Parameter>;

export const Method = z.object({
  name: z.string(),
  lineno: z.number(),
  docstring: z.string().nullable(),
  async: z.boolean(),
  params: z.array(Parameter),
});
export type Method = z.infer<typeof Method>;

/** `file_path` is "" where the method is declared outside the workspace folder, as is that of a capability. */
export const InheritedMethod = z.object({
  name: z.string(),
  from: z.string(),
  file_path: z.string(),
  params: z.array(Parameter),
});
export type InheritedMethod = z.infer<typeof InheritedMethod>;

/** A capability with the method that proves it; `file_path` is where that method stands. */
export const Capability = z.object({
  name: z.string(),
  own: z.boolean(),
  method: z.string(),
  file_path: z.string(),
  lineno: z.number(),
});
export type Capability = z.infer<typeof Capability>;

/** One step up the heritage: a class of the workspace (`file_path`) or of a package (`module`), never both. */
export const BaseLink = z.object({
  name: z.string(),
  file_path: z.string().nullable(),
  module: z.string().nullable(),
});
export type BaseLink = z.infer<typeof BaseLink>;

/** An agent of the workspace that another one makes, calls or registers, with the line that shows it. */
export const Orchestration = z.object({
  name: z.string(),
  file_path: z.string(),
  how: z.enum(["constructs", "calls", "registers"]),
  /** In the file of the class that does it. */
  lineno: z.number(),
});
export type Orchestration = z.infer<typeof Orchestration>;

/**
 * The `data` of one index line. Paths are relative to the workspace folder, with forward slashes; lines count from 1.
 * The snake-case names are those of the existing files this format extends.
 */
export const AgentRecord = z.object({
  /** The class name; "default" for an anonymous default export, "" for another class without a name. */
  name: z.string(),
  file_path: z.string(),
  /** The line of the class name. */
  lineno: z.number(),
  end_line: z.number(),
  bases: z.array(z.string()),
  methods: z.array(Method),
  docstring: z.string().nullable(),
  agent_type: z.string(),
  language: z.enum(["typescript", "javascript"]),
  /** A class, an object made with an agent framework, or a function that makes agents. */
  kind: z.enum(["class", "instance", "factory"]),
  /** The package of the agent framework that it extends or is made with; null where there is none. */
  framework: z.string().nullable(),
  /** The name it is exported under ("default" for a default export), null where it is not exported. */
  exported: z.string().nullable(),
  abstract: z.boolean(),
  constructor_params: z.array(Parameter),
  base_chain: z.array(BaseLink),
  inherited_methods: z.array(InheritedMethod),
  capabilities: z.array(Capability),
  /** Of a BaseAgent that writes one as a number: the version of what it keeps in checkpoints, from 1. */
  state_version: z.number().int().optional(),
  orchestrates: z.array(Orchestration),
  role: z.enum(["agent", "orchestrator", "not"]),
  /** Found in a test file. */
  test: z.boolean(),
  /** 0 to 1. */
  confidence: z.number(),
  evidence: z.array(z.string()),
  /** An adapter for this class exists. */
  migrated: z.boolean(),
  /** For an adapter: the name of the class it wraps. */
  adapts: z.string().nullable(),
});
export type AgentRecord = z.infer<typeof AgentRecord>;

/** One line of `agent_architecture.jsonl`. */
export const AgentLine = z.object({
  type: z.literal("collector_item"),
  parent_collector: z.literal("AgentArchitectureCollector"),
  item_type: z.enum(["agent_class", "agent_instance", "agent_factory"]),
  file_path: z.string(),
  name: z.string(),
  valid: z.literal(true),
  data: AgentRecord,
});
export type AgentLine = z.infer<typeof AgentLine>;

export function toLine(data: AgentRecord): AgentLine {
  return {
    type: "collector_item",
    parent_collector: "AgentArchitectureCollector",
    item_type: `agent_${data.kind}`,
    file_path: data.file_path,
    name: data.name,
    valid: true,
    data,
  };
}
