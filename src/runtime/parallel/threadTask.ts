import type { BaseAgent } from "../core/agent.ts";
import { describeError } from "../core/errors.ts";
import type { ExecuteOptions } from "../core/types.ts";
import { failure } from "./failure.ts";
import { makeAgent } from "./loadAgent.ts";
import { unpackAgent } from "./packedAgent.ts";
import { toSent } from "./sentResult.ts";
import { storesFor } from "./stores.ts";
import type { ThreadLink } from "./threadLink.ts";
import { now, type ThreadAgent, type ThreadAnswer, type ThreadRequest } from "./threadProtocol.ts";
import { remoteAnswerer } from "./threadQuestion.ts";

/** Turns of the queue of microtasks. */
const patience = 30;

const reused = new Map<number, BaseAgent>();

/** Executes what a thread is asked to; never rejects. */
export async function executeInThread(
  [run, packed, task, events, answers]: ThreadRequest,
  link: ThreadLink,
  graceMs: number,
): Promise<ThreadAnswer> {
  const signal = link.begin(run);
  const reference = unpackAgent(packed);
  try {
    const { answer, agent, aborted } = await execute(reference, task, {
      signal,
      // Agents that work in parallel must not restore each other.
      restore: false,
      ...(events ? { onEvent: (event) => link.post({ type: "event", run, event }) } : {}),
      ...(answers
        ? { answerer: remoteAnswerer((question) => link.post({ type: "question", run, ...question })) }
        : {}),
    });
    const early = (stuck: boolean) => link.post({ type: "early", run, answer, stuck });
    if (aborted) early(false);
    if (agent === null || (reference.reuse !== undefined && !aborted)) return answer;
    await shutDown(agent, answer, { signal, graceMs, aborted, early });
    return answer;
  } finally {
    link.end();
  }
}

interface Executed {
  answer: ThreadAnswer;
  /** Null where none was made. */
  agent: BaseAgent | null;
  aborted: boolean;
}

async function execute(reference: ThreadAgent, task: unknown, options: ExecuteOptions): Promise<Executed> {
  const { reuse } = reference;
  let agent: BaseAgent | null = null;
  let begun: number | undefined;
  try {
    agent = (reuse === undefined ? undefined : reused.get(reuse)) ?? (await makeAgent(reference));
    const { retry, checkpoints, errors } = reference.options;
    if (retry !== undefined) options.retry = retry;
    if (checkpoints !== undefined || errors !== undefined) {
      Object.assign(options, await storesFor(reference.options));
    }
    if (agent.hasAnswerer) delete options.answerer;
    begun = now();
    const result = await agent.executeAsync(task, options);
    const ended = now();
    const aborted = result.status === "failed" && result.aborted;
    if (reuse !== undefined) {
      if (aborted) reused.delete(reuse);
      else reused.set(reuse, agent);
    }
    return { answer: [toSent(result), agent.metadata.name, begun, ended], agent, aborted };
  } catch (error) {
    const ended = begun === undefined ? undefined : now();
    const answer = [toSent(failure(error)), agent?.metadata.name, begun, ended] as const;
    return { answer, agent, aborted: false };
  }
}

interface Closing {
  signal: AbortSignal;
  graceMs: number;
  aborted: boolean;
  early: (stuck: boolean) => void;
}

/** Ends an agent; while that takes long, its result is on the way already. */
async function shutDown(agent: BaseAgent, answer: ThreadAnswer, closing: Closing): Promise<void> {
  const { signal, graceMs, aborted, early } = closing;
  const [{ warnings }] = answer;
  const end = { over: false };
  const done = endWhenIdle(agent).then(
    (ended) => {
      if (!ended)
        warnings.push(`The agent was not shut down: ${agent.lastError?.message ?? "it does not say why"}`);
    },
    (error: unknown) => void warnings.push(`The agent was not shut down: ${describeError(error).message}`),
  );
  if (aborted) return done;
  void done.then(() => (end.over = true));
  // Most agents have next to nothing to end: a timer would take longer than they do.
  for (let i = 0; i < patience && !end.over; i += 1) await Promise.resolve();
  if (end.over) return;
  let timer: NodeJS.Timeout | undefined;
  let interrupt: (() => void) | undefined;
  const late = new Promise<"late">((resolve) => {
    interrupt = () => resolve("late");
    timer = setTimeout(interrupt, graceMs);
    signal.addEventListener("abort", interrupt);
  });
  const first = await Promise.race([done, late]);
  clearTimeout(timer);
  if (interrupt !== undefined) signal.removeEventListener("abort", interrupt);
  if (first !== "late") return;
  warnings.push(`The agent did not shut down within ${graceMs} ms: its thread was ended.`);
  early(true);
  await done;
}

/** Code that goes on after an abort keeps the agent from being shut down until it is done. */
async function endWhenIdle(agent: BaseAgent): Promise<boolean> {
  for (;;) {
    try {
      return await agent.shutdownAsync();
    } catch (error) {
      if (describeError(error).name !== "AgentUsageError") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
