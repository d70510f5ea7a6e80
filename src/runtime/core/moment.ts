import { copyData } from "./clone.ts";

/** An agent's state at one moment. */
export interface Moment {
  /** What a checkpoint keeps. */
  context: unknown;
  /** What a checkpoint does not keep of the state, for example `client (WebSocket)`. */
  unkept: readonly string[];
  /** Returns the agent to this moment; may be called more than once. */
  undo(): void;
  /** Why rolling back will be incomplete; empty where it will not. */
  warnings: string[];
}

/** The moment of an agent whose state goes through a snapshot: a copy, and how to restore it. */
export function copiedMoment(snapshot: unknown, restore: (snapshot: unknown) => void): Moment {
  const { value, lost } = copyData(snapshot);
  return {
    context: value,
    unkept: lost,
    undo: () => restore(copyData(value).value),
    warnings: lost.map((path) => `Rolling back leaves ${path} as it is.`),
  };
}
