import { join } from "node:path";
import {
  ErrorPatternLearner,
  FileCheckpointStore,
  isAgent,
  SharedContext,
  type AgentContext,
  type AgentEvent,
  type BaseAgent,
  type Answerer,
  type CheckpointStore,
  type Result,
} from "../runtime/index.ts";
import { runName } from "../model/agentRef.ts";
import type { HostEvent, Outcome, RunRequest } from "../model/hostProtocol.ts";
import { inBytes, mebibytes } from "../model/runLimits.ts";
import type { RunError } from "../model/runRecord.ts";
import { UserError } from "../model/userError.ts";
import { adapterMapping } from "./adapterMapping.ts";
import { asAgent, shutDown } from "./asAgent.ts";
import { missingArguments } from "./construct.ts";
import { findAgent, type Found } from "./findAgent.ts";
import { loadModule } from "./loadModule.ts";
import { readableInfo } from "./readableError.ts";
import { agentOf } from "./setupFile.ts";

export interface Caller {
  signal: AbortSignal;
  answerer: Answerer;
  onEvent: (event: HostEvent) => void;
  /** Called before the agent is at work. */
  onAgent?: (agent: BaseAgent) => void;
  /** Called before the agent shuts down: from then on the outcome stands. */
  onOutcome: (outcome: Outcome) => void;
}

/** The agents of this thread: one that was shut down cannot serve again. */
const served = new WeakSet();
const stores = new Map<string, FileCheckpointStore>();

/** Loads, constructs and executes the agent of a request. Throws what loading and constructing throw. */
export async function execute(request: RunRequest, caller: Caller): Promise<Outcome> {
  const found = findAgent(await loadModule(request.file), request);
  return executeFound(
    found,
    request,
    checkpointsIn(join(request.root, ".proj-intel", "checkpoints"), request.retention),
    caller,
  );
}

/** Constructs and executes an agent. Throws what constructing throws. */
export async function executeFound(
  found: Found,
  request: RunRequest,
  checkpoints: CheckpointStore,
  { signal, answerer, onEvent, onAgent, onOutcome }: Caller,
): Promise<Outcome> {
  const name = runName(request);
  const folder = join(request.root, ".proj-intel");
  // What is an agent already needs no mapping, and fails by none.
  const needsNone =
    found.kind === "class"
      ? isAgent(found.make.prototype)
      : found.kind === "instance" && isAgent(found.agent);
  const mapping = needsNone ? {} : adapterMapping(folder);
  const instance = await agentOf(found, request, name);
  if (served.has(instance))
    throw new UserError(
      `${name} is the very object that another run of the batch had: let its class or factory make a new one, or run the batch without shared threads.`,
    );
  served.add(instance);
  const agent = asAgent(instance, name, mapping);
  onAgent?.(agent);
  const result = await agent.executeAsync(request.task, {
    retry: { attempts: request.retries + 1, baseMs: 500, factor: 2, jitter: 0.1 },
    checkpoints,
    errors: new ErrorPatternLearner(folder),
    signal,
    answerer,
    runId: request.runId,
    restore: false,
    ...(request.checkpoint !== null && { resume: request.checkpoint }),
    ...(request.switchedTools !== undefined && { switchedTools: request.switchedTools }),
    ...(request.shared !== undefined && { shared: sharedWith(agent.metadata.name, request.shared) }),
    onEvent: (event) => onEvent(toHostEvent(event)),
  });
  const outcome = toOutcome(result, request.resultMb);
  const missing =
    outcome.status === "failed" && found.kind !== "instance"
      ? missingArguments(found.make, request.args)
      : null;
  if (missing !== null) outcome.warnings.push(`${name} was constructed ${missing}.`);
  onOutcome(outcome);
  // An aborted agent may still be at work.
  if (!signal.aborted) await shutDown(agent);
  return outcome;
}

/** One store a folder: its first save lists what is there, which takes the longer the more that is. */
function checkpointsIn(folder: string, retention: RunRequest["retention"]): FileCheckpointStore {
  const key = JSON.stringify([folder, retention]);
  const store = stores.get(key) ?? new FileCheckpointStore(folder, { retention });
  stores.set(key, store);
  return store;
}

/** The agent reads what it was given, and nobody else does. */
function sharedWith(agent: string, values: Record<string, unknown>): AgentContext {
  const context = new SharedContext();
  for (const [key, value] of Object.entries(values)) context.set(key, value);
  context.grant({ to: agent });
  return context.for(agent);
}

function toHostEvent(event: AgentEvent): HostEvent {
  return event.type === "retry" ? { ...event, error: readableInfo(event.error) } : event;
}

function toOutcome(result: Result, resultMb: number): Outcome {
  const { checkpointId, attempts, durationMs } = result;
  const common = { checkpointId, attempts, durationMs, warnings: [...result.warnings] };
  if (result.status === "success") {
    const { output, reportedFailure } = result;
    if (reportedFailure !== null)
      common.warnings.push(`${reportedFailure} The run counts as done all the same.`);
    const error = tooLarge(output, resultMb);
    if (error !== null) return { status: "failed", error, ...common };
    return { status: "success", output, ...common };
  }
  // By name: the agent may be one of another copy of the runtime, with a class of its own.
  const misused = result.error.name === "AgentUsageError";
  // Where nobody constructs the adapter, the mapping has what its options have.
  const sentence = result.error.message.replace(
    /name one with the option "method"/,
    'name one as "method" in .proj-intel/adapters.json',
  );
  const error = misused ? { name: "UserError", message: sentence } : readableInfo(result.error, result.cause);
  return { status: result.aborted ? "cancelled" : "failed", error, ...common };
}

/** A result cut short would be another one. */
export function tooLarge(output: unknown, resultMb: number): RunError | null {
  const mb = Buffer.byteLength(JSON.stringify(output)) / inBytes(1);
  if (mb <= resultMb) return null;
  return {
    name: "ResultTooLargeError",
    message: `The agent returned ${mebibytes(mb)}, and a result may have ${mebibytes(resultMb)}: allow it more, or let it write what it made to a file and return the name.`,
  };
}
