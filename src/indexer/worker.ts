import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../model/channel.ts";
import type { IndexerEvents } from "../model/indexerProtocol.ts";
import { IndexerService } from "./service.ts";

if (parentPort === null) throw new Error("The indexer runs in a worker thread.");
const service = new IndexerService(
  workerData as string,
  (root, done, total) => void rpc.progress.asEvent(root, done, total),
);
const rpc = createBirpc<IndexerEvents, IndexerService>(service, {
  ...overPort(parentPort),
  bind: "functions",
});
