import { parentPort } from "node:worker_threads";
import { createBirpc } from "birpc";
import { overPort } from "../../model/channel.ts";
import { PatternService } from "./service.ts";

if (parentPort === null) throw new Error("Error patterns are read in a worker thread.");
createBirpc<object, PatternService>(new PatternService(), { ...overPort(parentPort), bind: "functions" });
