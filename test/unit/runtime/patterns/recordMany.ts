import { ErrorPatternLearner } from "../../../../src/runtime/index.ts";

/** Records so many errors of ten kinds. */
const [folder = "", count = "0"] = process.argv.slice(2);
const learner = new ErrorPatternLearner(folder);
const kinds = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split(" ");
for (let i = 0; i < Number(count); i += 1) {
  learner.recordError(new Error(`${kinds[i % kinds.length] ?? ""} failed ${i} times`), { agent: "worker" });
}
