import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { FileCheckpointStore, MemoryCheckpointStore } from "../../../../src/runtime/index.ts";
import { describeStore } from "./conformance.ts";

let memory = new MemoryCheckpointStore();
describeStore(
  "MemoryCheckpointStore",
  () => (memory = new MemoryCheckpointStore()),
  () => memory,
);

let folder = "";
afterEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});
const open = () => new FileCheckpointStore(join(folder, ".proj-intel", "checkpoints"));
describeStore(
  "FileCheckpointStore",
  () => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    return open();
  },
  open,
);
