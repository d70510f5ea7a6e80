import type { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "./channel.ts";
import { UserError } from "./userError.ts";

/** A worker thread whose functions are called; whatever ends it rejects the calls that are open. */
export interface ServiceThread<Functions extends object, Events extends object> {
  worker: Worker;
  rpc: BirpcReturn<Functions, Events>;
  end: (error: Error) => void;
}

/**
 * @param what begins the sentence that open calls are rejected with where the thread crashes
 * @param ended called before that: the next call takes a new thread
 */
export function serviceThread<Functions extends object, Events extends object>(
  worker: Worker,
  events: Events,
  what: string,
  ended: () => void,
): ServiceThread<Functions, Events> {
  const rpc = createBirpc<Functions, Events>(events, overPort(worker));
  const end = (error: Error) => {
    ended();
    if (!rpc.$closed) rpc.$close(error);
  };
  const crashed = (reason: string) =>
    end(new UserError(`${what} stopped (${reason}). Try again: it starts anew.`));
  worker.on("error", (error) => crashed(error instanceof Error ? error.message : String(error)));
  worker.on("messageerror", (error) => crashed(error.message));
  worker.on("exit", (code) => crashed(`exit code ${code}`));
  return { worker, rpc, end };
}
