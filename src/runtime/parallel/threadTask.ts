import type { BaseAgent } from "../core/agent.ts";
import { describeError } from "../core/errors.ts";
import type { ExecuteOptions, Result } from "../core/types.ts";
import { failure } from "./failure.ts";
import { makeAgent } from "./loadAgent.ts";
import { sendable } from "./plainData.ts";
import { toPlainThrown } from "./plainThrown.ts";
import { storesFor } from "./stores.ts";
import type { ThreadLink } from "./threadLink.ts";
import { now, type ThreadAnswer, type ThreadRequest, type ThreadResult } from "./threadProtocol.ts";

const reused = new Map<number, BaseAgent>();

/** Executes what a thread is asked to; never rejects. */
export async function executeInThread(
  request: ThreadRequest,
  link: ThreadLink,
  graceMs: number,
): Promise<ThreadAnswer> {
  const signal = link.begin(request.run);
  try {
    const { answer, agent, aborted } = await execute(request, link, signal);
    const early = (stuck: boolean) => link.post({ type: "early", run: request.run, answer, stuck });
    if (aborted) early(false);
    if (agent === null || (request.agent.reuse !== undefined && !aborted)) return answer;
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

async function execute(request: ThreadRequest, link: ThreadLink, signal: AbortSignal): Promise<Executed> {
  const { run, events, task } = request;
  const { options, reuse } = request.agent;
  let agent: BaseAgent | null = null;
  let begun: number | undefined;
  try {
    agent = (reuse === undefined ? undefined : reused.get(reuse)) ?? (await makeAgent(request.agent));
    const how: ExecuteOptions = {
      signal,
      // Agents that work in parallel must not restore each other.
      restore: false,
      ...(options.retry === undefined ? {} : { retry: options.retry }),
      ...((options.checkpoints ?? options.errors) ? await storesFor(options) : {}),
      ...(events ? { onEvent: (event) => link.post({ type: "event", run, event }) } : {}),
    };
    begun = now();
    const result = await agent.executeAsync(task, how);
    const ended = now();
    const aborted = result.status === "failed" && result.aborted;
    if (reuse !== undefined) {
      if (aborted) reused.delete(reuse);
      else reused.set(reuse, agent);
    }
    return { answer: { agent: agent.metadata.name, result: toThread(result), begun, ended }, agent, aborted };
  } catch (error) {
    const result = toThread(failure(error));
    const name = agent === null ? {} : { agent: agent.metadata.name };
    return {
      answer: { ...name, result, ...(begun === undefined ? {} : { begun, ended: now() }) },
      agent,
      aborted: false,
    };
  }
}

function toThread(result: Result): ThreadResult {
  if (result.status === "failed") return { ...result, cause: toPlainThrown(result.cause) };
  const { output, ...rest } = result;
  const { value, plain, warning } = sendable(result.value, output);
  const warnings = warning === null ? result.warnings : [...result.warnings, warning];
  // Of plain data the executor makes the same output itself.
  return { ...rest, ...(plain ? {} : { output }), value, warnings };
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
  const { warnings } = answer.result;
  const done = endWhenIdle(agent).then(
    (ended) => {
      if (!ended)
        warnings.push(`The agent was not shut down: ${agent.lastError?.message ?? "it does not say why"}`);
    },
    (error: unknown) => void warnings.push(`The agent was not shut down: ${describeError(error).message}`),
  );
  if (aborted) return done;
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
