import type { RunError } from "../model/runRecord.ts";
import { mebibytes } from "../model/runLimits.ts";

export const outOfMemory = (memoryMb: number): RunError => ({
  name: "OutOfMemoryError",
  message: `The agent used more than ${mebibytes(memoryMb)} of memory and was stopped.`,
});
