import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../model/channel.ts";
import type { PerformanceFunctions } from "../model/performance.ts";
import { PerformanceReader } from "./performanceReader.ts";

if (!parentPort) throw new Error("This file runs in a worker thread.");

/** How long is read before what there is so far is shown. */
const READ_MS = 400;
const reader = new PerformanceReader();
const functions: PerformanceFunctions = {
  figures: (roots, query) => reader.figures(roots, query, performance.now() + READ_MS),
};
createBirpc<object, PerformanceFunctions>(functions, overPort(parentPort));
