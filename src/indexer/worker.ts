import { parentPort, workerData } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../model/channel.ts";
import type { IndexerEvents } from "../model/indexerProtocol.ts";
import { reader } from "./reader.ts";
import { IndexerService, type ServiceOptions } from "./service.ts";

if (parentPort === null) throw new Error("The indexer runs in a worker thread.");
const port = overPort(parentPort);
const options = workerData as ServiceOptions | "helper";
if (options === "helper") createBirpc<object, typeof reader>(reader, port);
else {
  const service = new IndexerService(
    options,
    (root, done, total) => void rpc.progress.asEvent(root, done, total),
  );
  const rpc = createBirpc<IndexerEvents, IndexerService>(service, { ...port, bind: "functions" });
}
