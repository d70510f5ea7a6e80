import { type MemoryAccess, MemoryAccessError } from "./accessError.ts";
import type {
  AgentContext,
  ContextGetOptions,
  ContextGrant,
  ContextKey,
  DescribeOptions,
  LoadedKey,
} from "./contextTypes.ts";
import { callOfGrant, coverKey, grantsFor } from "./grants.ts";
import type { SharedContext } from "./sharedContext.ts";

/** One agent's view of the shared context. */
export class ContextView implements AgentContext {
  readonly agent: string;
  readonly #context: SharedContext;

  constructor(context: SharedContext, agent: string) {
    this.#context = context;
    this.agent = agent;
  }

  get(key: string): unknown {
    this.#check("read", key);
    return this.#context.get(key);
  }

  async getAsync(key: string, options?: ContextGetOptions): Promise<unknown> {
    this.#check("read", key);
    const value = await this.#context.getAsync(key, options);
    this.#check("read", key);
    return value;
  }

  has(key: string): boolean {
    this.#check("read", key);
    return this.#context.has(key);
  }

  set(key: string, value: unknown, options?: DescribeOptions): void {
    this.#check("write", key);
    this.#context.set(key, value, options);
  }

  invalidate(key: string): boolean {
    this.#check("write", key);
    return this.#context.invalidate(key);
  }

  keys(): ContextKey[] {
    return this.#context.keys().filter(({ key }) => this.#may("read", key));
  }

  loaded(): LoadedKey[] {
    return this.#context.loaded().filter(({ key }) => this.#may("read", key));
  }

  snapshot(): Record<string, unknown> {
    return this.#context.snapshot((key) => this.#may("read", key));
  }

  grants(): ContextGrant[] {
    return this.#context.grants().filter(({ to }) => to === this.agent);
  }

  #may(access: MemoryAccess, key: string): boolean {
    return coverKey(grantsFor(this.#context.grants(), this.agent, access), key);
  }

  #check(access: MemoryAccess, key: string): void {
    if (this.#may(access, key)) return;
    throw new MemoryAccessError(
      `Agent "${this.agent}" may not ${access} "${key}" of the shared context: whoever made it can allow it with ` +
        `${callOfGrant(this.agent, access, { key })}.`,
      { agent: this.agent, access, key },
    );
  }
}
