import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../model/channel.ts";
import { RunRequest, type Outcome } from "../model/hostProtocol.ts";
import { captureOutput } from "./captureOutput.ts";
import { execute } from "./execute.ts";
import { readableError } from "./readableError.ts";
import type { ThreadEvents, ThreadFunctions } from "./threadProtocol.ts";

if (!parentPort) throw new Error("This file runs in a worker thread of the agent host.");
const request = RunRequest.parse(workerData);
const aborting = new AbortController();
const host = createBirpc<ThreadEvents, ThreadFunctions>(
  { abort: () => aborting.abort() },
  { ...overPort(parentPort), eventNames: ["event", "exiting", "done"] },
);
// The agent alone decides how long the thread lives: one that waits for nothing ends, and the run says so.
parentPort.unref();

captureOutput((stream, text) => void host.event({ type: "log", stream, text }));

const exit = process.exit.bind(process);
process.exit = (code) => {
  void host.exiting(Number(code ?? process.exitCode ?? 0));
  return exit(code);
};

const startedAt = performance.now();
const failed = (thrown: unknown): Outcome => ({
  status: "failed",
  error: readableError(thrown),
  checkpointId: null,
  attempts: 1,
  durationMs: Math.round(performance.now() - startedAt),
  warnings: [],
});
process.on("uncaughtException", (error) => void host.done(failed(error)));
process.on("unhandledRejection", (reason) => void host.done(failed(reason)));

void execute(request, { signal: aborting.signal, onEvent: (event) => void host.event(event) })
  .catch(failed)
  .then((outcome) => host.done(outcome));
