import { appendFileSync } from "node:fs";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";

/** Records so many errors of ten kinds; where a file is given, a byte in it stands for each that is recorded. */
const [folder = "", count = "0", acknowledged = ""] = process.argv.slice(2);
const learner = new ErrorPatternLearner(folder);
const kinds = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split(" ");
for (let i = 0; i < Number(count); i += 1) {
  learner.recordError(new Error(`${kinds[i % kinds.length] ?? ""} failed ${i} times`), { agent: "worker" });
  if (acknowledged !== "") appendFileSync(acknowledged, ".");
  if (i === 300) process.send?.("under way");
}
