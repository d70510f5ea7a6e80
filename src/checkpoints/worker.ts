import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import type { CheckpointEvents } from "../model/checkpoints.ts";
import { overPort } from "../model/channel.ts";
import { CheckpointService } from "./service.ts";

if (parentPort === null) throw new Error("Checkpoints are read in a worker thread.");
const service = new CheckpointService({
  changed: () => void rpc.changed.asEvent(),
  progress: (job, done, total) => void rpc.progress.asEvent(job, done, total),
  found: (job, keys) => void rpc.found.asEvent(job, keys),
});
const rpc = createBirpc<CheckpointEvents, CheckpointService>(service, {
  ...overPort(parentPort),
  bind: "functions",
});
