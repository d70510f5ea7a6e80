import type { AgentLike } from "../core/agentLike.ts";
import { longestTimer } from "../core/clock.ts";
import { fieldOf } from "../core/errors.ts";
import { AgentState } from "../core/state.ts";

/** How an agent answered: what it returned or threw, or nothing within the time. */
export type Answer =
  { readonly returned: boolean } | { readonly thrown: unknown } | { readonly timedOut: unknown };

const longestPause = 50;

/**
 * Calls an agent once `after` has settled, and again and again while it does something else, until the time is over
 * (null: never). The call that is under way or still waits for `after` then is not taken back; `timedOut` is the last
 * that the agent threw, or null.
 */
export async function callAgent(
  agent: AgentLike,
  timeoutMs: number | null,
  call: () => Promise<boolean>,
  after: Promise<unknown> | null = null,
): Promise<Answer> {
  let over = false;
  let lastThrown: unknown = null;
  const answer = async (): Promise<Answer> => {
    if (after !== null) await after;
    for (let pause = 1; ; pause = Math.min(longestPause, 2 * pause)) {
      try {
        return { returned: await call() };
      } catch (thrown) {
        if (!isBusy(agent, thrown)) return { thrown };
        lastThrown = thrown;
      }
      await sleep(pause);
      // Nobody waits any more.
      if (over) return { timedOut: lastThrown };
    }
  };
  const answering = answer();
  if (timeoutMs === null) return answering;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Answer>((resolve) => {
    const end = () => {
      over = true;
      resolve({ timedOut: lastThrown });
    };
    timer = setTimeout(end, Math.min(timeoutMs, longestTimer));
  });
  const first = await Promise.race([answering, timeout]);
  clearTimeout(timer);
  return first;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the agent refused because something is under way. By name: it may be of another copy of this library. */
function isBusy(agent: AgentLike, thrown: unknown): boolean {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    fieldOf(thrown, "name") === "AgentUsageError" &&
    agent.state !== AgentState.STOPPED
  );
}
