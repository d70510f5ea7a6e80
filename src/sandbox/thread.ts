import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import wasmFile from "@jitl/quickjs-wasmfile-release-sync/wasm";
import type { CodeAnswer, CodeRequest } from "../model/sandbox.ts";
import { evaluate } from "./evaluate.ts";

const { code, input } = workerData as CodeRequest;
const bytes = new Uint8Array(readFileSync(join(__dirname, wasmFile)));

const answer = (message: CodeAnswer) => parentPort?.postMessage(message);
void evaluate(code, input, bytes.buffer).then(
  (json) => answer({ json }),
  (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
);
