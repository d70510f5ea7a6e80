import { join } from "node:path";

/** What the build puts beside the command line's own bundle. */
export const bundles = {
  host: join(__dirname, "agentHost.cjs"),
  indexer: join(__dirname, "indexer.cjs"),
  sandbox: join(__dirname, "sandbox.cjs"),
  typeCheck: join(__dirname, "typeCheck.cjs"),
  /** The folder of the runtime's core, as it is vendored into projects. */
  core: join(__dirname, "core"),
};
