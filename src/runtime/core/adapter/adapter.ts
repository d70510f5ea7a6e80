import { BaseAgent } from "../agent.ts";
import { capabilityOf, executionMethod } from "../dispatch.ts";
import { AgentUsageError } from "../errors.ts";
import type { AgentOptions, ExecutionContext } from "../types.ts";
import { isMethod, members } from "./members.ts";

/** How a legacy agent is wrapped. */
export interface AdapterOptions extends AgentOptions {
  agentType: string;
  /** Defaults to the name of the legacy class. */
  name?: string | undefined;
  /** Defaults to what the names of the legacy methods prove. */
  capabilities?: readonly string[] | undefined;
  version?: string | undefined;
  /** The method that takes the task; by default found by its name. */
  method?: string | undefined;
  /** The parameters of that method, in order; by default read from its source. */
  parameters?:
    readonly (string | { readonly name: string; readonly optional?: boolean | undefined })[] | undefined;
  /** The method called by `initialize`, null for none; by default found by its name. */
  init?: string | null | undefined;
  /** The method called by `shutdown`, null for none; by default found by its name. */
  close?: string | null | undefined;
}

/** Makes an agent of any object that has a method to take tasks, without changing how that object behaves. */
export class UniversalAgentAdapter<T extends object = object> extends BaseAgent {
  /** The original object. */
  readonly legacy: T;

  /** Wraps an instance. */
  constructor(legacy: T, options: AdapterOptions) {
    if ((typeof legacy as string) !== "object" || (legacy as unknown) === null) {
      throw new AgentUsageError("UniversalAgentAdapter wraps an instance of an agent class.");
    }
    const names = members(legacy).map(({ name }) => name);
    super(
      {
        name: options.name ?? className(legacy),
        agentType: options.agentType,
        capabilities: options.capabilities ?? [...new Set(names.map(capabilityOf).filter((c) => c !== null))],
        version: options.version,
      },
      options,
    );
    this.legacy = legacy;
  }

  protected override executeImpl(task: unknown, _context: ExecutionContext): unknown {
    const name = executionMethod(members(this.legacy).map((member) => member.name));
    if (name === null || !isMethod(this.legacy, name)) throw new AgentUsageError("No method takes tasks.");
    return Reflect.apply(Reflect.get(this.legacy, name) as (task: unknown) => unknown, this.legacy, [task]);
  }
}

function className(legacy: object): string {
  const { constructor } = legacy as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "Agent";
}
