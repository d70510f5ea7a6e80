import inspector from "node:inspector";
import { join } from "node:path";
import { createBirpc } from "birpc";
import { overProcess } from "../model/channel.ts";
import { Answer } from "../model/runRecord.ts";
import {
  ReadRequest,
  RunRequest,
  SideRequest,
  type HostEvents,
  type HostFunctions,
  type HostRequest,
} from "../model/hostProtocol.ts";
import { AgentThreads } from "./agentThreads.ts";
import { ThreadRun } from "./threadRun.ts";

const threads = new AgentThreads(join(__dirname, "threadStart.cjs"));
const runs = new Map<string, ThreadRun>();

const functions: HostFunctions = {
  async run(sent) {
    const request = parsed(sent);
    const { runId } = request;
    const worker = threads.take(request);
    const run = new ThreadRun(worker, request, {
      event: (event) => {
        void engine.event(runId, event);
        threads.prepare();
      },
      stuck: () => void engine.retire(),
    });
    runs.set(runId, run);
    try {
      return await run.finished;
    } finally {
      runs.delete(runId);
      threads.prepare();
      if (run.loaded !== null) threads.keep(worker, request, run.loaded);
    }
  },
  inspect() {
    threads.keepNone();
    // Read by the loader of the threads: it then says of which line each compiled one was made.
    process.env["JITI_SOURCE_MAPS"] = "1";
    inspector.open(0, "127.0.0.1");
    return Promise.resolve(inspector.url() ?? "");
  },
  async cancel(runId) {
    const run = runs.get(runId);
    run?.stop("cancelled");
    await run?.finished;
  },
  async answer(runId, sent) {
    const answer = Answer.parse(sent);
    return (await runs.get(runId)?.answer(answer)) ?? false;
  },
  async liveState(runId) {
    return (await runs.get(runId)?.liveState()) ?? null;
  },
};

/** Told apart first: to find the schema of a union that fits takes longer than to parse. */
function parsed(sent: HostRequest): HostRequest {
  if ("side" in sent) return SideRequest.parse(sent);
  return "reads" in sent ? ReadRequest.parse(sent) : RunRequest.parse(sent);
}

const engine = createBirpc<HostEvents, HostFunctions>(functions, {
  ...overProcess(process),
  eventNames: ["event", "retire"],
});

// Whoever started it ends it: a signal to all processes of a service is for that one, which may wait for its runs.
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => undefined);

// Not process.exit, which waits for threads: one may be blocked in native code. The whole group: agents start processes too.
process.on("disconnect", () =>
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL"),
);
