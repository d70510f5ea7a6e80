import { writeSync } from "node:fs";
import { MemoryStore } from "../../../../src/runtime/index.ts";

/** Sets so many keys of its own, and counts each in a value that all processes share; says which keys are on disk. */
const [folder = "", name = "", count = "0"] = process.argv.slice(2);
const memory = new MemoryStore({ folder }).of("worker");
for (let i = 0; i < Number(count); i += 1) {
  memory.set(`${name}-${i}`, { i });
  memory.update("total", (total) => ((total as number | undefined) ?? 0) + 1);
  // Written directly: what a stream holds back is lost when the process is killed.
  writeSync(1, `${name}-${i}\n`);
}
