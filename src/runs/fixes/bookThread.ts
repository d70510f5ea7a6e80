import { parentPort, workerData } from "node:worker_threads";
import { countOutcome, knownFixes } from "./knownFixes.ts";
import type { BookAnswer, BookRequest } from "./threadBook.ts";

const request = workerData as BookRequest;

function answerTo(asked: BookRequest): BookAnswer {
  try {
    if ("error" in asked) return { fixes: knownFixes(asked.root, asked.error) };
    countOutcome(asked.root, asked.solution, asked.passed);
    return { fixes: [] };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(answerTo(request));
