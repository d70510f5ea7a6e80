import type { AgentLike } from "../core/agentLike.ts";
import type { Result } from "../core/types.ts";
import { abortedBy, failure } from "./failure.ts";
import type { Run, RunListener } from "./run.ts";
import { now } from "./threadProtocol.ts";

/**
 * Executes a task on the event loop. An agent answers an abort at once, even where its code goes on; one that does not
 * is not waited for longer than `graceMs`.
 */
export function runInstance(agent: AgentLike, task: unknown, listener: RunListener, graceMs: number): Run {
  const controller = new AbortController();
  const { onEvent, answerer } = listener;
  const begun = now();
  let grace: NodeJS.Timeout | undefined;
  let over = false;
  const end = (result: Result) => {
    if (over) return;
    over = true;
    clearTimeout(grace);
    listener.onOutcome({ result, agent: agent.metadata.name, begun, ended: now() });
    listener.onFree();
  };
  const fail = (error: unknown) => end(failure(error));
  const options = {
    signal: controller.signal,
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(answerer === undefined || agent.hasAnswerer ? {} : { answerer }),
  };
  try {
    agent.executeAsync(task, options).then(end, fail);
  } catch (error) {
    // A subclass may throw where it should reject; nobody expects the end before the beginning.
    queueMicrotask(() => fail(error));
  }
  return {
    abort: (reason) => {
      if (controller.signal.aborted || over) return;
      controller.abort(reason);
      grace = setTimeout(() => end(failure(abortedBy(reason), true, Math.round(now() - begun))), graceMs);
    },
  };
}
