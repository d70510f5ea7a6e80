/** Everything of the indexer that needs the TypeScript compiler. It is large: a bundle of its own, loaded when there is something to parse. */
export { planMigrations } from "./planning/batch.ts";
export { parseConfig } from "./syntax/parseConfig.ts";
export { parseFile } from "./syntax/parseFile.ts";
export { Typings } from "./typings.ts";
/** For the type check, where the project has no compiler of its own. */
export { ts } from "ts-morph";
