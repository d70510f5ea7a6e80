import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { Shape } from "./shapes.ts";

export interface Case {
  /** The built module, absolute. */
  module: string;
  /** The one that holds the adapter. */
  adapterModule: string;
  shape: Shape;
  adapter: string;
}

export interface Outcome {
  shape: string;
  legacy: unknown;
  adapted: unknown;
  sameClass: boolean;
  sameJson: boolean;
}

/** Runs legacy class and adapter of each case in a plain Node process, and tells what came out of both. */
export function runBoth(cases: readonly Case[]): Outcome[] {
  const input = cases.map(({ module, adapterModule, shape, adapter }) => ({
    module: pathToFileURL(module).href,
    adapterModule: pathToFileURL(adapterModule).href,
    shape: shape.name,
    ...shape.run,
    name: shape.classes[0],
    adapter,
  }));
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  return JSON.parse(output) as Outcome[];
}

const program = `
import { readFileSync } from "node:fs";
const outcomes = [];
const load = async (module) => {
  const namespace = await import(module);
  const root = namespace.default?.__esModule ? namespace.default : namespace;
  return { whole: namespace.default, exports: { ...root.default, ...root } };
};
for (const { module, adapterModule, shape, name, exported = name, adapter, args = [], task, method } of JSON.parse(readFileSync(0, "utf8"))) {
  const { whole, exports } = await load(module);
  const named = () => exported.split(".").reduce((object, key) => object[key], exports);
  const Legacy = exported === "module.exports" ? whole : named();
  const beside = await load(adapterModule);
  const Adapter = beside.exports[adapter] ?? beside.whole[adapter];
  const attempt = async (run) => {
    try {
      return { value: await run() };
    } catch (error) {
      return { error: error.name + ": " + error.message };
    }
  };
  const legacy = new Legacy(...structuredClone(args));
  const wrapped = new Adapter(...structuredClone(args));
  const before = JSON.stringify(legacy) === JSON.stringify(wrapped.legacy);
  const result = await wrapped.executeAsync(task);
  outcomes.push({
    shape,
    legacy: await attempt(() => legacy[method](task)),
    adapted: result.status === "success" ? { value: result.value } : { error: result.cause.name + ": " + result.cause.message },
    sameClass: wrapped.legacy instanceof Legacy && wrapped.legacy.constructor === Legacy,
    sameJson: before && JSON.stringify(legacy) === JSON.stringify(wrapped.legacy),
  });
}
process.stdout.write(JSON.stringify(outcomes));
`;
