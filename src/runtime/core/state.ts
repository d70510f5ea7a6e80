import { AgentUsageError } from "./errors.ts";

/** The states of an agent. */
export const AgentState = {
  /** Made, and not initialised yet. */
  CREATED: "created",
  /** Initialised; takes a task. */
  READY: "ready",
  /** Executes a task. */
  BUSY: "busy",
  /** Its initialisation or last execution failed; takes a task. */
  ERROR: "error",
  /** Shut down, for good. */
  STOPPED: "stopped",
} as const;
/** One of the values of {@link AgentState}. */
export type AgentState = (typeof AgentState)[keyof typeof AgentState];

const transitions: Record<AgentState, readonly AgentState[]> = {
  created: ["ready", "error", "stopped"],
  ready: ["busy", "error", "stopped"],
  busy: ["ready", "error"],
  error: ["ready", "busy", "error", "stopped"],
  stopped: [],
};

/** Whether an agent in state `from` may enter state `to`. */
export function canTransition(from: AgentState, to: AgentState): boolean {
  return transitions[from].includes(to);
}

/** Throws an {@link AgentUsageError} for a transition that the table does not hold. */
export function checkTransition(agent: string, from: AgentState, to: AgentState): void {
  if (!canTransition(from, to)) {
    throw new AgentUsageError(`Agent "${agent}" cannot go from state ${from} to ${to}.`);
  }
}
