import { MessageChannel, parentPort, threadId, workerData } from "node:worker_threads";
import { executeInThread } from "./threadTask.ts";
import { ThreadLink } from "./threadLink.ts";
import type { ThreadAnswer, ThreadData, ThreadHello, ThreadRequest } from "./threadProtocol.ts";

// What a thread of the executor runs. Says hello when it is loaded, then takes tasks.
if (parentPort === null) throw new Error("agentWorker is what threads of ParallelAgentExecutor run.");
const { mail, graceMs } = workerData as ThreadData;
const { port1, port2 } = new MessageChannel();
const link = new ThreadLink(port1, mail);
const hello: ThreadHello = { thread: threadId, port: port2 };
parentPort.postMessage(hello, [port2]);

/** Executes one task. */
export default (request: ThreadRequest): Promise<ThreadAnswer> => executeInThread(request, link, graceMs);
