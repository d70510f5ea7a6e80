import { SqliteCheckpointStore } from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

/** Opens the database, saves checkpoints of one agent, and tells their ids. */
const store = new SqliteCheckpointStore(process.argv[2] ?? "");
const agent = process.argv[3] ?? "";
const ids = Array.from({ length: 50 }, (_, i) => store.save(draft({ agent, label: String(i) })).id);
store.close();
process.send?.(ids);
