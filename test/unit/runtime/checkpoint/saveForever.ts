import { FileCheckpointStore } from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

/** Saves checkpoints, telling the parent each id, until it is killed. */
const store = new FileCheckpointStore(process.argv[2] ?? "");
const saveOne = (): void => {
  process.send?.(store.save(draft({ context: { payload: "x".repeat(20_000) } })).id);
  setImmediate(saveOne);
};
saveOne();
