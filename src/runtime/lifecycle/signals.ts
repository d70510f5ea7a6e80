import { constants } from "node:os";
import { isMainThread } from "node:worker_threads";
import { AgentUsageError } from "../core/errors.ts";

/** The signals that ask a program to end. */
export type StopSignal = "SIGINT" | "SIGTERM";

const signals: readonly StopSignal[] = ["SIGINT", "SIGTERM"];

/** Marks listeners that will end the process themselves, also across copies of this library. */
const brand = Symbol.for("opsvi-agents.endsProcess");

/**
 * Calls `stop` at the first signal and ends the process when it has settled, in the way the signal would have; at a
 * second signal at once. The answer undoes it, also while `stop` goes on. Without `exit` a second signal has its usual
 * effect, and nothing else ends the process.
 */
export function onStopSignal(stop: (signal: StopSignal) => Promise<unknown>, exit: boolean): () => void {
  if (!isMainThread) {
    throw new AgentUsageError("Signals reach the main thread only: handle them there.");
  }
  let stopping = false;
  const listener = (signal: StopSignal) => {
    if (stopping) {
      end(signal);
      return;
    }
    stopping = true;
    if (!exit) off();
    const done = () => {
      if (listening) end(signal);
    };
    stop(signal).then(done, done);
  };
  let listening = true;
  const off = () => {
    listening = false;
    for (const signal of signals) process.off(signal, listener);
  };
  const end = (signal: StopSignal) => {
    off();
    endBy(signal);
  };
  if (exit) Object.defineProperty(listener, brand, { value: true });
  for (const signal of signals) process.on(signal, listener);
  return off;
}

function endBy(signal: StopSignal): void {
  const others = process.listeners(signal);
  // The last of those that end the process does it.
  if (others.some((listener) => brand in listener)) return;
  // A signal would not end the process where others listen to it, and would reach them twice.
  if (others.length > 0) process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}
