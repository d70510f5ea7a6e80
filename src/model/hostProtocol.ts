import * as z from "zod";
import { RetentionPolicy } from "./checkpoints.ts";
import { AdapterSource } from "./parity.ts";
import { RunLimits } from "./runLimits.ts";
import type { Answer, Finished, RunEvent } from "./runRecord.ts";

const Request = z.object({
  runId: z.string(),
  /** Absolute path of the workspace folder; `.proj-intel` stands in it. */
  root: z.string(),
  /** Absolute path of the module. */
  file: z.string(),
  /** The class name; "default" for an anonymous default export. */
  name: z.string(),
  task: z.unknown(),
  args: z.array(z.unknown()),
  /** Absolute path of the setup file; by default the one that stands in the folder. */
  setupFile: z.string().optional(),
  /** Environment variables for this run alone, over those of the process. */
  env: z.record(z.string(), z.string()).optional(),
  /** The names of those whose values are never written down. */
  secrets: z.array(z.string()).optional(),
  /** Which checkpoints stay when a new one is saved; by default all. */
  retention: RetentionPolicy.optional(),
  ...RunLimits.shape,
});

/** What the agent host needs to run one agent once. */
export const RunRequest = Request.extend({
  /** Further attempts after the first. */
  retries: z.number().int().min(0),
  /** The checkpoint that the agent goes on from. */
  checkpoint: z.string().nullable(),
  /** Calls this tool of the agent alone, with the task as its parameters. */
  tool: z.string().optional(),
  /** What the agent can read as `context.shared`, by key. */
  shared: z.record(z.string(), z.unknown()).optional(),
  /** Runs that tell the same here may follow each other in one thread. */
  together: z.string().optional(),
  /** Tools that are called in place of others, by the names of those. */
  switchedTools: z.record(z.string(), z.string()).optional(),
  /** The run that it resumes. */
  resumes: z.string().optional(),
  /** In a queue: higher goes first. */
  priority: z.number().int().optional(),
  /** Somebody else has put it into the queue, under the id of this run. */
  queuedAs: z.string().optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;

/** Executes a class, or its adapter, once and observes it: nothing is recorded. The output of the outcome is a `ParitySide`. */
export const SideRequest = Request.extend({
  adapter: AdapterSource,
  side: z.enum(["legacy", "adapter"]),
});
export type SideRequest = z.infer<typeof SideRequest>;

/** Makes an agent and reads what it says of its tasks or tools; runs none. The output of the outcome is a `DeclaredTask` or `AgentTools`. */
export const ReadRequest = Request.extend({ reads: z.enum(["taskSchema", "tools"]) });
export type ReadRequest = z.infer<typeof ReadRequest>;

/** JSON Schema of the tasks that an agent takes, null where it tells none, and the user's files that it was read from. */
export const DeclaredTask = z.object({ schema: z.unknown(), files: z.array(z.string()) });
export type DeclaredTask = z.infer<typeof DeclaredTask>;

export type HostRequest = SideRequest | ReadRequest | RunRequest;

/** An event as the agent's thread reports it; the recorder adds run id and time. */
export type HostEvent = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, "runId" | "time">
    : never
  : never;

/** How a run ended; the recorder adds run id and time. A wrong request (file, class, arguments) is an error named "UserError". */
export type Outcome = Omit<Finished, "runId" | "time" | "type">;

export interface Ended {
  outcome: Outcome;
  /** The events that came right before, and were not told. */
  last: HostEvent[];
}

/** What a checkpoint of an agent at work would keep of its state now. */
export const LiveState = z.object({
  /** As checkpoints write it, without secrets. */
  context: z.unknown(),
  /** How many secrets were left out. */
  redactions: z.number(),
});
export type LiveState = z.infer<typeof LiveState>;

/** Called by the engine in the agent host process. */
export interface HostFunctions {
  /** Runs the agent in a thread of its own; always resolves, also when the agent exits, hangs or exhausts memory. */
  run(request: HostRequest): Promise<Ended>;
  /** Opens the inspector, and answers with its address: whoever knows it can attach a debugger. Runs that follow tell it their sources. */
  inspect(): Promise<string>;
  /** Abort signal, then (grace) the thread is terminated. */
  cancel(runId: string): Promise<void>;
  /** Gives the run the answer to its open question; answers false where it waits for none. */
  answer(runId: string, answer: Answer): Promise<boolean>;
  /** Null where the agent is not there, or too busy to be asked. */
  liveState(runId: string): Promise<LiveState | null>;
}

/** Called by the agent host in the engine. */
export interface HostEvents {
  event(runId: string, event: HostEvent): void;
  /** A thread could not be terminated (it is blocked in native code): start no further run in this process. */
  retire(): void;
}
