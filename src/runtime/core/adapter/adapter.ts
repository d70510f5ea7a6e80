import { BaseAgent } from "../agent.ts";
import { className, isRecord } from "../clone.ts";
import { capabilityOf, executionMethod, executionNames } from "../dispatch.ts";
import { AgentUsageError } from "../errors.ts";
import type { Moment } from "../execution.ts";
import type { AgentOptions } from "../types.ts";
import { argumentsFor, type ParameterOption, parametersFor } from "./arguments.ts";
import { giveState, takeState } from "./legacyState.ts";
import { closeMethod, initMethod } from "./lifecycle.ts";
import { type Member, members, methodAt } from "./members.ts";

/** How a legacy agent is wrapped. */
export interface AdapterOptions extends AgentOptions {
  /** A free category, for example "research". */
  agentType: string;
  /** Names the adapter and its checkpoints; defaults to the name of the legacy class. */
  name?: string | undefined;
  /** Defaults to what the names of the legacy methods prove. */
  capabilities?: readonly string[] | undefined;
  /** The agent's own version; defaults to "1.0.0". */
  version?: string | undefined;
  /** The method that takes the task; by default found by its name. */
  method?: string | undefined;
  /** The parameters of that method, in order; by default read from its source. */
  parameters?: readonly ParameterOption[] | undefined;
  /** The method that `initialize` calls, null for none; by default found by its name. */
  init?: string | null | undefined;
  /** The method that `shutdown` calls, null for none; by default found by its name. */
  close?: string | null | undefined;
}

/**
 * Makes an agent of an object that has a method to take tasks, without changing how that object behaves: calls go to
 * the original object. Its own enumerable plain data is kept in checkpoints and rolled back on failure.
 */
export class UniversalAgentAdapter<T extends object = object> extends BaseAgent {
  /** The original object. */
  readonly legacy: T;
  readonly #adapterOptions: AdapterOptions;

  /** Wraps an instance; throws an {@link AgentUsageError} for anything that is not an object. */
  constructor(legacy: T, options: AdapterOptions) {
    if ((typeof legacy as string) !== "object" || (legacy as unknown) === null) {
      throw new AgentUsageError(
        typeof legacy === "function"
          ? `UniversalAgentAdapter wraps an instance: create one of ${(legacy as { name: string }).name} first.`
          : "UniversalAgentAdapter wraps an instance of an agent class; it got something that is not an object.",
      );
    }
    const names = members(legacy).map(({ name }) => name);
    super(
      {
        name: options.name ?? nameOf(legacy),
        agentType: options.agentType,
        capabilities: options.capabilities ?? provenCapabilities(names),
        version: options.version,
      },
      options,
    );
    this.legacy = legacy;
    this.#adapterOptions = options;
  }

  /** Calls the legacy method that takes tasks, on the original object. */
  protected override executeImpl(task: unknown): unknown {
    const name = this.#adapterOptions.method ?? taskMethod(this.legacy);
    const method = name === null ? null : methodAt(this.legacy, name);
    if (name === null || method === null) throw new AgentUsageError(this.#noMethod());
    const parameters = parametersFor(method, this.#adapterOptions.parameters);
    return Reflect.apply(method, this.legacy, argumentsFor(name, method, parameters, task));
  }

  /** Calls the legacy method that starts the agent, where there is one. */
  protected override initializeImpl(): unknown {
    const { init } = this.#adapterOptions;
    return this.#call(init === undefined ? initMethod(this.legacy, members(this.legacy)) : init);
  }

  /** Calls the legacy method that ends the agent, where there is one. */
  protected override shutdownImpl(): unknown {
    const { close } = this.#adapterOptions;
    return this.#call(close === undefined ? closeMethod(this.legacy, members(this.legacy)) : close);
  }

  /** The own plain data of the legacy object. */
  protected override snapshot(): unknown {
    return takeState(this.legacy).fields;
  }

  /** Puts stored data into the legacy object; what holds removed secrets stays as the constructor made it. */
  protected override restore(snapshot: unknown): void {
    giveState(this.legacy, snapshot);
  }

  /** Rolls back in place, so that whoever shares an array or map of the legacy object sees it too. */
  protected override moment(): Moment {
    const { fields, lost, undo } = takeState(this.legacy);
    return {
      context: fields,
      undo,
      warnings: lost.map((path) => `The state of the legacy agent was not rolled back in ${path}.`),
    };
  }

  #call(name: PropertyKey | null): unknown {
    if (name === null) return undefined;
    const method = methodAt(this.legacy, name);
    if (method === null) {
      throw new AgentUsageError(`${nameOf(this.legacy)} has no method ${String(name)}.`);
    }
    return Reflect.apply(method, this.legacy, []);
  }

  #noMethod(): string {
    const { method } = this.#adapterOptions;
    if (method !== undefined) return `${nameOf(this.legacy)} has no method ${method}.`;
    const names = members(this.legacy).flatMap(({ name, kind }) => (kind === "method" ? [name] : []));
    const has = names.length === 0 ? "It has no methods" : `It has ${names.slice(0, 10).join(", ")}`;
    return `${nameOf(this.legacy)} has no method that takes tasks, such as execute, run or processMessage. ${has}: name one with the option "method".`;
  }
}

/** Finds the method by descriptors first, so that getters and proxies are not triggered where that does. */
function taskMethod(legacy: object): string | null {
  const found = members(legacy);
  const of = (kind: Member["kind"]) => found.flatMap((member) => (member.kind === kind ? [member.name] : []));
  return (
    executionMethod(of("method")) ??
    executionMethod(of("accessor").filter((name) => methodAt(legacy, name) !== null)) ??
    // A proxy can answer to names that it does not list.
    executionNames.find((name) => methodAt(legacy, name) !== null) ??
    null
  );
}

function provenCapabilities(names: readonly string[]): string[] {
  return [...new Set(names.map(capabilityOf).filter((capability) => capability !== null))];
}

function nameOf(legacy: object): string {
  return isRecord(legacy) ? "Agent" : className(legacy);
}
