import { AgentUsageError } from "./errors.ts";

/** What an execution was given to read besides its task, by key; an AgentContext of a SharedContext is one. */
export interface SharedValues {
  /** A copy of the value of a key. Throws where there is none, or the agent may not read it. */
  get(key: string): unknown;
  /** Whether there is such a key. */
  has(key: string): boolean;
  /** The keys that the agent may read. */
  keys(): readonly {
    /** As `get` takes it. */
    readonly key: string;
    /** What the value is, in the words of who shared it; "" where nobody said. */
    readonly description: string;
  }[];
}

/** Where an execution was given none. */
export const nothingShared: SharedValues = {
  get: (key) => {
    throw new AgentUsageError(
      `There is no "${key}" in the shared context: nothing is shared with this execution.`,
    );
  },
  has: () => false,
  keys: () => [],
};
