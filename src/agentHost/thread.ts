import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import * as z from "zod";
import { hideSecrets } from "../runtime/checkpoint/knownSecrets.ts";
import { overPort } from "../model/channel.ts";
import { AnswerBox } from "./answerBox.ts";
import { HostRequest, type Outcome } from "../model/hostProtocol.ts";
import { inBytes } from "../model/runLimits.ts";
import { captureOutput } from "./captureOutput.ts";
import { execute, type Caller } from "./execute.ts";
import { LogBatch } from "./logBatch.ts";
import { observe } from "./observe.ts";
import { readableError } from "./readableError.ts";
import { readTaskSchema } from "./readTaskSchema.ts";
import { callTool } from "./tools/callTool.ts";
import { readTools } from "./tools/readTools.ts";
import type { ThreadEvents, ThreadFunctions } from "./threadProtocol.ts";

if (!parentPort) throw new Error("This file runs in a worker thread of the agent host.");
// A thread reads few values: compiling what reads them would take longer.
z.config({ jitless: true });
const aborting = new AbortController();
const { signal } = aborting;
const port = parentPort;
const answers = new AnswerBox((waits) => {
  // An answer is worth living for.
  if (waits) port.ref();
  else port.unref();
  void host.waiting(waits);
});
const host = createBirpc<ThreadEvents, ThreadFunctions>(
  { begin, abort: () => aborting.abort(), answer: (answer) => answers.put(answer) },
  { ...overPort(port), eventNames: ["event", "waiting", "exiting", "done"] },
);
const events = new LogBatch((event) => void host.event(event));

let startedAt = performance.now();
let standing: Outcome | null = null;
function done(outcome: Outcome): void {
  events.flush();
  void host.done(outcome);
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  if (standing) done(standing);
  else void host.exiting(Number(code ?? process.exitCode ?? 0));
  return exit(code);
};

const failed = (thrown: unknown): Outcome => ({
  status: "failed",
  error: readableError(thrown),
  checkpointId: null,
  attempts: 1,
  durationMs: Math.round(performance.now() - startedAt),
  warnings: [],
});
const stray = (thrown: unknown): void => done(standing ?? failed(thrown));
process.on("uncaughtException", stray);
process.on("unhandledRejection", stray);
process.on("exit", () => events.flush());

function begin(sent: unknown): void {
  startedAt = performance.now();
  const request = HostRequest.parse(sent);
  // The agent alone decides how long the thread lives: one that waits for nothing ends, and the run says so.
  port.unref();
  Object.assign(process.env, request.env);
  hideSecrets(request.secrets?.flatMap((name) => request.env?.[name] ?? []) ?? []);
  captureOutput((stream, text) => events.push({ type: "log", stream, text }), inBytes(request.logMb));
  void serve(request).then(done, stray);
}

function serve(request: HostRequest): Promise<Outcome> {
  if ("side" in request) return observe(request, signal);
  if ("reads" in request) return request.reads === "tools" ? readTools(request) : readTaskSchema(request);
  const caller: Caller = {
    signal,
    answerer: answers.answerer,
    onEvent: (event) => events.push(event),
    onOutcome: (outcome) => void (standing = outcome),
  };
  const { tool } = request;
  return tool === undefined ? execute(request, caller) : callTool({ ...request, tool }, caller);
}
