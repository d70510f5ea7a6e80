import { describeError } from "../../runtime/core/errors.ts";
import { normaliseOutput } from "../../runtime/core/output.ts";
import { runName } from "../../model/agentRef.ts";
import type { Outcome, RunRequest } from "../../model/hostProtocol.ts";
import type { RunError } from "../../model/runRecord.ts";
import { taskProblems } from "../../model/task/taskProblems.ts";
import { taskShapeOf } from "../../model/task/taskShape.ts";
import { UserError } from "../../model/userError.ts";
import { shutDown } from "../asAgent.ts";
import { tooLarge, type Caller } from "../execute.ts";
import { readableError, readableInfo } from "../readableError.ts";
import type { KnownTool } from "./knownTool.ts";
import { openAgent } from "./openAgent.ts";

type ToolRequest = RunRequest & { tool: string };

/** Makes and initialises the agent of a request, and calls one of its tools for it. Throws what loading and constructing throw. */
export async function callTool(
  request: ToolRequest,
  { signal, onEvent, onOutcome }: Caller,
): Promise<Outcome> {
  const startedAt = performance.now();
  const { agent, tools } = await openAgent(request);
  const ended = (outcome: Pick<Outcome, "status" | "output" | "error">, warnings: string[] = []): Outcome => {
    const durationMs = Math.round(performance.now() - startedAt);
    return { ...outcome, checkpointId: null, attempts: 1, durationMs, warnings };
  };
  const failed = (error: RunError) => ended({ status: signal.aborted ? "cancelled" : "failed", error });
  // An agent with a store of its own goes on from its last checkpoint, as in a program.
  if (!(await agent.initializeAsync())) {
    const { lastError } = agent;
    return failed(lastError === null ? notInitialised(request) : readableInfo(lastError));
  }
  const tool = wanted(tools(), request);
  const calledAt = performance.now();
  const tell = (ended: { ok: boolean; refused?: true; error?: string }) => {
    const durationMs = ended.refused ? 0 : Math.round(performance.now() - calledAt);
    onEvent({ type: "tool", name: tool.name, durationMs, ...ended });
  };
  const outcome = await call(tool, request, signal).then(
    (value) => {
      tell({ ok: true });
      const { output, warnings } = normaliseOutput(value);
      const error = tooLarge(output, request.resultMb);
      return error === null ? ended({ status: "success", output }, warnings) : failed(error);
    },
    (error: unknown) => {
      const { name, message } = describeError(error);
      tell({ ok: false, ...(name === "PermissionError" && { refused: true }), error: message });
      return failed(readableError(error));
    },
  );
  onOutcome(outcome);
  if (!signal.aborted) await shutDown(agent);
  return outcome;
}

function wanted(tools: readonly KnownTool[], request: ToolRequest): KnownTool {
  const found = tools.find(({ name }) => name === request.tool);
  if (found !== undefined) return found;
  const names = tools.map(({ name }) => name);
  const others = names.length === 0 ? "it has none that can be seen" : `it has ${names.join(", ")}`;
  throw new UserError(`${runName(request)} has no tool "${request.tool}": ${others}.`);
}

async function call(tool: KnownTool, { task }: ToolRequest, signal: AbortSignal): Promise<unknown> {
  const shape = tool.jsonSchema === null ? null : taskShapeOf(tool.jsonSchema);
  const problems = shape === null ? [] : taskProblems(shape, task);
  if (problems.length > 0) throw new UserError(problems.map(({ message }) => message).join(" "));
  return await tool.call(task, signal);
}

const notInitialised = (request: ToolRequest): RunError => ({
  name: "Error",
  message: `${runName(request)} could not be initialised.`,
});
