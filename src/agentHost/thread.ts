import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import * as z from "zod";
import type { BaseAgent } from "../runtime/index.ts";
import { hideSecrets } from "../runtime/checkpoint/knownSecrets.ts";
import { overPort } from "../model/channel.ts";
import { AnswerBox } from "./answerBox.ts";
import type { HostRequest, Outcome } from "../model/hostProtocol.ts";
import { inBytes } from "../model/runLimits.ts";
import type { RunError } from "../model/runRecord.ts";
import { captureOutput } from "./captureOutput.ts";
import { execute, type Caller } from "./execute.ts";
import { EventBatch } from "./eventBatch.ts";
import { observe } from "./observe.ts";
import { liveStateOf } from "./liveState.ts";
import { outOfMemory } from "./outOfMemory.ts";
import { readableError } from "./readableError.ts";
import { readTaskSchema } from "./readTaskSchema.ts";
import { rehearse } from "./rehearse.ts";
import { callTool } from "./tools/callTool.ts";
import { readTools } from "./tools/readTools.ts";
import type { Loaded, ThreadEvents, ThreadFunctions } from "./threadProtocol.ts";
import { ThreadTrace } from "./threadTrace.ts";
import { heldBytes, ThreadUseMeter } from "./threadUse.ts";

/** See threadStart.ts. To be called where all that a run needs has been executed, and so compiled. */
declare const keepCompiled: () => void;

if (!parentPort) throw new Error("This file runs in a worker thread of the agent host.");
// A thread reads few values: compiling what reads them would take longer.
z.config({ jitless: true });
const port = parentPort;
const answers = new AnswerBox((waits) => {
  // An answer is worth living for.
  if (waits) port.ref();
  else port.unref();
  void host.waiting(waits);
});
const host = createBirpc<ThreadEvents, ThreadFunctions>(
  {
    begin,
    abort: () => current?.aborting.abort(),
    answer: (answer) => answers.put(answer),
    liveState: () => (current?.agent ? liveStateOf(current.agent) : null),
  },
  { ...overPort(port), eventNames: ["event", "waiting", "exiting", "done"] },
);
const events = new EventBatch((event) => void host.event(event));

const capture = captureOutput((stream, text) => events.push({ type: "log", stream, text }));

interface Current {
  aborting: AbortController;
  startedAt: number;
  /** From then on nothing changes how the run ended. */
  standing: Outcome | null;
  use: ThreadUseMeter | null;
  agent: BaseAgent | null;
}
/** The run at work. */
let current: Current | null = null;
let trace: ThreadTrace | null = null;
const rehearsal = new AbortController();

function done(outcome: Outcome, loaded: Loaded | null = null, last = events.take()): void {
  events.flush();
  if (outcome.status === "success") keepCompiled();
  void host.done(outcome, loaded, last);
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  if (current?.standing) done(current.standing);
  else void host.exiting(Number(code ?? process.exitCode ?? 0));
  return exit(code);
};

const failed = (error: RunError, { startedAt }: Current): Outcome => ({
  status: "failed",
  error,
  checkpointId: null,
  attempts: 1,
  durationMs: Math.round(performance.now() - startedAt),
  warnings: [],
});
function fail(error: RunError): void {
  // Left behind by a run that has ended: no other may begin here.
  if (current === null) return void exit(1);
  done(current.standing ?? failed(error, current));
}
const stray = (thrown: unknown): void => fail(readableError(thrown));
process.on("uncaughtException", stray);
process.on("unhandledRejection", stray);
process.on("exit", () => events.flush());

function begin(request: HostRequest): void {
  const run: Current = {
    ...{ aborting: new AbortController(), startedAt: performance.now() },
    ...{ standing: null, use: null, agent: null },
  };
  current = run;
  rehearsal.abort();
  // The agent alone decides how long the thread lives: one that waits for nothing ends, and the run says so.
  port.unref();
  Object.assign(process.env, request.env);
  hideSecrets(request.secrets?.flatMap((name) => request.env?.[name] ?? []) ?? []);
  capture(inBytes(request.logMb));
  if ("together" in request) trace ??= new ThreadTrace();
  run.use = new ThreadUseMeter(request.memoryMb, () => fail(outOfMemory(request.memoryMb)));
  void serve(request, run).then((outcome) => end(request, run, outcome), stray);
}

/** Either the last run of the thread, or the thread waits for another. */
async function end(request: HostRequest, { aborting, use }: Current, outcome: Outcome): Promise<void> {
  const measured = { ...outcome, ...(use !== null && { use: use.measure() }) };
  const last = events.take();
  // Their timers are nothing that the run left behind.
  events.flush();
  use?.stop();
  const traced = aborting.signal.aborted ? null : trace;
  const loaded = (await traced?.loaded(request).catch(() => null)) ?? null;
  if (loaded !== null) {
    current = null;
    port.ref();
  }
  done(measured, loaded, last);
}

function serve(request: HostRequest, run: Current): Promise<Outcome> {
  const { signal } = run.aborting;
  // Where runs follow each other, a message more costs as much as a short one.
  const held = new Set<string | null>("together" in request ? ["started", "completed"] : ["completed"]);
  if ("side" in request) return observe(request, signal);
  if ("reads" in request) return request.reads === "tools" ? readTools(request) : readTaskSchema(request);
  const caller: Caller = {
    signal,
    answerer: answers.answerer,
    onEvent: (event) => {
      if (event.type === "checkpoint" && held.has(event.label)) events.hold(event);
      else if (event.type === "tool" && !event.refused) events.push({ ...event, memoryBytes: heldBytes() });
      else events.push(event);
    },
    onAgent: (agent) => void (run.agent = agent),
    onOutcome: (outcome) => void (run.standing = outcome),
  };
  const { tool } = request;
  return tool === undefined ? execute(request, caller) : callTool({ ...request, tool }, caller);
}

void rehearse(rehearsal.signal).catch(() => undefined);
