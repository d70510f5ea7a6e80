import { appendFileSync } from "node:fs";
import { edited } from "../../../../src/runtime/patterns/edit.ts";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";
import { PatternsStore } from "../../../../src/runtime/patterns/store.ts";

/** Records and edits by turns; a byte in the file that is given stands for each error that is recorded. */
const [folder = "", count = "0", acknowledged = ""] = process.argv.slice(2);
const learner = new ErrorPatternLearner(folder);
const store = new PatternsStore(folder, { warn: () => undefined });
for (let i = 0; i < Number(count); i += 1) {
  const signature = learner.recordError(new Error("again"));
  appendFileSync(acknowledged, ".");
  store.edit((patterns) => edited(patterns, { kind: "rename", signature, title: `t${i}` }, new Date()));
  if (i === 30) process.send?.("under way");
}
