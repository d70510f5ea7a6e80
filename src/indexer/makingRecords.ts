import type { AgentRecord, BaseLink, Capability, Orchestration } from "../model/agentRecord.ts";
import { taskMethodOf } from "./frameworkMakers.ts";
import type { Linker } from "./linker.ts";
import type { Made, Maker, Makings } from "./makings.ts";
import { capabilitiesOf, inheritedMethods } from "./members.ts";
import { isTest } from "./paths.ts";
import { agentType, toLink } from "./records.ts";
import type { Declared, Expr, FunctionModel } from "./syntax/fileModel.ts";
import type { MakingOption } from "./syntax/makingModel.ts";
import type { Rules } from "./rules.ts";

const CONFIDENCE = 0.95;
const MEMORY = /^(?:memory|checkpointer|checkpointSaver|conversationMemory|store|storage|session)$/;
/** Options by which an agent is given others. */
const AGENTS = /^(?:handoffs|sub_?agents|agents|team|members|workers|supervisor|leadAgent|rootAgent)$/i;
const TOOLS = /^(?:tools|toolkits|toolConfig|mcpServers)$/;

/** The name it is known by: the variable's, else what its options call it; null where it has none. */
export const nameOfMaking = ({ name, label }: Made["making"]): string | null => name ?? label;

/** Records of agents that are no classes. */
export class MakingRecords {
  readonly #linker: Linker;
  readonly #rules: Rules;
  readonly #makings: Makings;

  constructor(linker: Linker, rules: Rules, makings: Makings) {
    this.#linker = linker;
    this.#rules = rules;
    this.#makings = makings;
  }

  instance(made: Made): AgentRecord {
    const { making, path } = made;
    const name = nameOfMaking(making) ?? "";
    const told = making.label === null || making.label === name ? [] : [`named "${making.label}"`];
    return {
      ...this.#common(made, name),
      name,
      file_path: path,
      lineno: making.line,
      end_line: making.endLine,
      bases: [making.calleeText],
      docstring: making.docstring,
      kind: "instance",
      exported: making.exported,
      constructor_params: [],
      base_chain: this.#chain(made.maker),
      evidence: [this.#origin(made), ...told],
    };
  }

  factory(path: string, model: FunctionModel & { declared: Declared }, made: Made): AgentRecord {
    const { name, declared, exported } = model;
    const { label } = made.making;
    return {
      ...this.#common(made, name),
      name,
      file_path: path,
      lineno: declared.line,
      end_line: declared.endLine,
      bases: [made.making.calleeText],
      docstring: declared.docstring,
      kind: "factory",
      exported,
      constructor_params: declared.params,
      base_chain: this.#chain(made.maker),
      evidence: [
        `returns an agent: ${this.#origin(made)} (line ${made.making.line})`,
        ...(label === null ? [] : [`named "${label}"`]),
      ],
    };
  }

  /** What the making proves, wherever it stands. */
  #common({ making, maker, path }: Made, name: string) {
    const { verdict, framework } = rootOf(maker);
    const members = verdict?.linked.members ?? [];
    return {
      methods: [],
      agent_type: agentType(name, false),
      language: this.#linker.languageOf(path),
      framework: framework?.framework ?? null,
      abstract: false,
      inherited_methods: [
        ...(verdict === null ? [] : inheritedMethods(members.map((member) => ({ ...member, own: false })))),
      ],
      capabilities: this.#capabilities({ making, maker, path }),
      orchestrates: this.#orchestrates(making.options, path),
      role: verdict?.role ?? ("agent" as const),
      test: isTest(path),
      confidence: verdict?.confidence ?? CONFIDENCE,
      migrated: false,
      adapts: null,
    };
  }

  /** Those of the class, and what the options prove. */
  #capabilities({ making, maker, path }: Pick<Made, "making" | "maker" | "path">): Capability[] {
    const { verdict, framework } = rootOf(maker);
    const found = new Map<string, Capability>();
    const add = (capability: Capability) => {
      if (!found.has(capability.name)) found.set(capability.name, capability);
    };
    const own = { own: true, file_path: path };
    if (framework !== null) {
      const method = taskMethodOf(framework.framework) ?? framework.name;
      add({ name: "task_execution", method, lineno: making.line, ...own });
    }
    for (const { name: option, line, empty } of making.options) {
      const name = empty ? null : provenBy(option);
      if (name !== null) add({ name, method: option, lineno: line, ...own });
    }
    for (const capability of capabilitiesOf(verdict?.linked.members ?? [], this.#rules)) {
      add({ ...capability, own: false });
    }
    return [...found.values()];
  }

  #orchestrates(options: readonly MakingOption[], path: string): Orchestration[] {
    const found = new Map<string, Orchestration>();
    for (const { name: option, line, values } of options) {
      const holdsAgents = AGENTS.test(option);
      if (!holdsAgents && !TOOLS.test(option)) continue;
      for (const value of values) {
        const agent = holdsAgents ? this.#agent(value, path) : this.#asTool(value, path);
        if (agent !== null) found.set(`${agent.file_path}#${agent.name}`, { ...agent, lineno: line });
      }
    }
    return [...found.values()];
  }

  /** `billing`, `handoff(billing)`, `new BillingAgent()` */
  #agent(value: Expr, path: string): Omit<Orchestration, "lineno"> | null {
    const made = this.#makings.ofExpr(value, { path, env: null });
    if (made === null) {
      const [first] = value.kind === "call" ? value.args : [];
      return first === undefined ? null : this.#agent(first, path);
    }
    const named = nameOfMaking(made.making);
    if (named !== null) return { name: named, file_path: made.path, how: "registers" };
    if (made.maker.kind !== "class") return null;
    const { target } = made.maker;
    return { name: this.#linker.nameOf(target), file_path: target.path, how: "registers" };
  }

  /** `billing.asTool(…)` among the tools */
  #asTool(value: Expr, path: string): Omit<Orchestration, "lineno"> | null {
    if (value.kind !== "call" || value.callee.kind !== "member") return null;
    return /^(?:as|to)Tool$/.test(value.callee.name) ? this.#agent(value.callee.object, path) : null;
  }

  /** "instance of Agent of @openai/agents" */
  #origin({ maker }: Made): string {
    if (maker.kind === "class") {
      return `instance of ${this.#linker.nameOf(maker.target)} (${maker.target.path})`;
    }
    if (maker.kind === "factory") return `made by ${maker.model.name} (${maker.path})`;
    const { name, framework } = maker;
    return `${/^[a-z]/.test(name) ? "made by" : "instance of"} ${name} of ${framework}`;
  }

  #chain(maker: Maker): BaseLink[] {
    if (maker.kind === "framework") {
      const { name, path, module } = maker;
      return [{ name, file_path: path, module: path === null ? module : null }];
    }
    if (maker.kind === "class") {
      const { target, verdict } = maker;
      return [target, ...verdict.linked.bases].map((base) => toLink(this.#linker, base));
    }
    const link = { name: maker.model.name, file_path: maker.path, module: null };
    return [link, ...this.#chain(maker.makes.maker)];
  }
}

/** What stands at the end of factories: a class of the workspace, or what a framework offers. */
function rootOf(maker: Maker) {
  let root = maker;
  while (root.kind === "factory") root = root.makes.maker;
  return root.kind === "class"
    ? { verdict: root.verdict, framework: null }
    : { verdict: null, framework: root };
}

function provenBy(option: string): string | null {
  if (TOOLS.test(option)) return "tool_usage";
  if (MEMORY.test(option)) return "memory_access";
  return AGENTS.test(option) ? "orchestration" : null;
}
