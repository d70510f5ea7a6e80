import {
  type AgentMetadataInit,
  type AgentOptions,
  BaseAgent,
  type ExecutionContext,
} from "../../../../src/runtime/index.ts";

export type Impl = (task: unknown, context: ExecutionContext, agent: TestAgent) => unknown;

/** An agent named "test" that does what a test says. */
export class TestAgent extends BaseAgent {
  calls = 0;
  impl: Impl;

  constructor(impl: Impl, options: AgentOptions = {}, metadata: Partial<AgentMetadataInit> = {}) {
    super({ name: "test", agentType: "unit", ...metadata }, options);
    this.impl = impl;
  }

  get memory(): Record<string, unknown> {
    return this.context;
  }

  protected override executeImpl(task: unknown, context: ExecutionContext): unknown {
    this.calls += 1;
    return this.impl(task, context, this);
  }
}

/** Attempts without waiting. */
export const fast = { attempts: 3, baseMs: 0 };
