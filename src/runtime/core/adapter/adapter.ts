import { BaseAgent } from "../agent.ts";
import { capabilityOf } from "../dispatch.ts";
import { AgentMetadata } from "../metadata.ts";
import { type Moment, momentOf } from "../moment.ts";
import type { ExecutionContext } from "../types.ts";
import { Legacy } from "./legacy.ts";
import { callInit, closeMethod } from "./lifecycle.ts";
import { failedBy, isFailedWhenMapping } from "./mapped.ts";
import { callMethod, members, nameOf } from "./members.ts";
import { type AdapterOptions, checkAdapterOptions } from "./options.ts";
import { restoreInto, snapshotOf } from "./snapshot.ts";
export type { AdapterOptions } from "./options.ts";
import { callTask } from "./taskCall.ts";
import { taskMethod } from "./taskMethod.ts";
import type { LegacyClass, LegacyFactory, LegacySource } from "./source.ts";

/**
 * Makes an agent of an object that has a method to take tasks, without changing how that object behaves: calls go to
 * the original object. Its own enumerable plain data is kept in checkpoints, restored after its own initialisation and
 * rolled back on failure; what it opened in a failed execution stays, and a warning of the result names it.
 */
export class UniversalAgentAdapter<T extends object = object> extends BaseAgent {
  readonly #legacy: Legacy;
  readonly #capabilities: readonly string[] | undefined;
  #task: string | null = null;

  /**
   * Wraps what the class or the factory makes of `options.args`. A factory that answers with a promise is awaited by
   * `initializeAsync`. Throws an {@link AgentUsageError} where making fails (its `cause` is what was thrown), and where
   * what was made is not an object or an agent already.
   */
  constructor(legacy: LegacyClass<T> | LegacyFactory<T>, options: AdapterOptions);
  /** Wraps an instance; throws an {@link AgentUsageError} for what is not an object, or an agent already. */
  constructor(legacy: T, options: AdapterOptions);
  constructor(source: LegacySource<T>, options: AdapterOptions) {
    checkAdapterOptions(options);
    const legacy = new Legacy(source, options);
    super(
      {
        name: options.name ?? nameOf(legacy.made ?? source),
        agentType: options.agentType,
        capabilities: options.capabilities ?? provenCapabilities(legacy.made),
        version: options.version,
        tools: options.declaredTools,
      },
      {
        ...options,
        failedWhen: isFailedWhenMapping(options.failedWhen)
          ? (value) => failedBy(legacy.settings.failedWhen, value)
          : options.failedWhen,
      },
    );
    this.#legacy = legacy;
    this.#capabilities = options.capabilities;
  }

  /**
   * The original object, still an instance of its own class. Throws an {@link AgentUsageError} while an asynchronous
   * factory has not made it: await `initializeAsync` first.
   */
  get legacy(): T {
    return this.#legacy.object as T;
  }

  /** Calls the legacy method that takes tasks, on the original object. */
  protected override executeImpl(task: unknown, context: ExecutionContext): unknown {
    const { object, settings } = this.#legacy;
    const name = settings.method ?? (this.#task ??= taskMethod(object));
    return callTask(object, name, settings, task, context);
  }

  /** Makes the legacy agent where that is asynchronous, then calls the method that starts it, where there is one. */
  protected override initializeImpl(): unknown {
    if (this.#legacy.made !== null) return this.#start(this.#legacy.made);
    return this.#legacy.arrive().then(() => {
      const { object } = this.#legacy;
      this.#know(object);
      return this.#start(object);
    });
  }

  #start(legacy: object): unknown {
    return callInit(legacy, this.#legacy.settings.init);
  }

  /** What only the made agent can tell. */
  #know(legacy: object): void {
    if (this.#capabilities !== undefined) return;
    const { name, agentType, version, tools } = this.metadata;
    const capabilities = provenCapabilities(legacy);
    (this as { metadata: AgentMetadata }).metadata = new AgentMetadata({
      name,
      agentType,
      capabilities,
      version,
      tools,
    });
  }

  /** Calls the legacy method that ends the agent, where there is one. */
  protected override shutdownImpl(): unknown {
    const { object, settings } = this.#legacy;
    const name = settings.close === undefined ? closeMethod(object, members(object)) : settings.close;
    return name === null ? undefined : callMethod(object, name, []);
  }

  /** The state of the legacy object: its own plain data, or what the mapping says. */
  protected override snapshot(): unknown {
    return this.#state().fields;
  }

  /** Puts stored state into the legacy object; what is no data there, such as an open connection, stays. */
  protected override restore(snapshot: unknown): void {
    restoreInto(this.#legacy.object, this.#legacy.settings.snapshot, snapshot);
  }

  /** The method that starts a legacy agent knows nothing of stored state, and often makes the fields that hold it. */
  protected override get restoresLast(): boolean {
    return true;
  }

  /** Rolls back in place, so that whoever shares an array or map of the legacy object sees it too. */
  protected override moment(): Moment {
    const { fields, lost, unkept, undo } = this.#state();
    return momentOf(
      fields,
      unkept,
      lost,
      undo,
      (path) => `The state of the legacy agent was not rolled back in ${path}.`,
    );
  }

  #state() {
    return snapshotOf(this.#legacy.object, this.#legacy.settings.snapshot);
  }
}

function provenCapabilities(legacy: object | null): string[] {
  if (legacy === null) return [];
  return [...new Set(members(legacy).flatMap(({ name }) => capabilityOf(name) ?? []))];
}
