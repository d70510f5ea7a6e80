import { beforeAll, describe, expect, test } from "vitest";
import { readCore } from "../../../src/migration/readCore.ts";
import { vendoredFiles, type VendoredForm } from "../../../src/migration/vendored.ts";
import { compile } from "./compiler.ts";
import { buildCore, coreDir, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const user = (
  module: string,
) => `import { type ExecutionContext, UniversalAgentAdapter } from "./runtime/${module}";

class Legacy {
  run(task: string, { signal }: ExecutionContext): string {
    return signal.aborted ? "" : task;
  }
}

export class LegacyAdapter extends UniversalAgentAdapter<Legacy> {}
`;

/** Neither the DOM nor Node: no setTimeout, AbortSignal, console, performance, structuredClone. */
const strictest = {
  lib: ["es2022"],
  types: [],
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
};

const compilers: [name: string, type: string, options: object][] = [
  ["NodeNext, ES modules", "module", { module: "NodeNext", target: "ES2022" }],
  ["NodeNext, CommonJS", "commonjs", { module: "NodeNext", target: "ES2022" }],
  ["a bundler", "module", { module: "ESNext", moduleResolution: "bundler", target: "ES2022" }],
  ["ES2017 output", "module", { module: "ESNext", moduleResolution: "bundler", target: "ES2017" }],
];

async function project(form: VendoredForm, type: string, options: object): Promise<Project> {
  const module = form === "source" ? "core.js" : type === "module" ? "core.mjs" : "core.cjs";
  const made = new Project({
    "package.json": JSON.stringify({ name: "shop", type }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...strictest, ...options }, include: ["."] }),
    "user.ts": user(module),
  });
  for (const [name, text] of vendoredFiles(form, await readCore(coreDir), "0.1.0")) {
    made.write(`runtime/${name}`, text);
  }
  return made;
}

describe.each(["bundle", "source"] as const)("The runtime copied as %s", (form) => {
  test.each(compilers)("type-checks without any types of a host: %s", async (_name, type, options) => {
    using made = await project(form, type, options);
    expect(compile(made.root)).toEqual([]);
  });
});

test("Those projects have no name of a host", async () => {
  using made = await project("bundle", "module", { module: "NodeNext", target: "ES2022" });
  made.write("host.ts", "export const timer = setTimeout(String, 1);\n");
  expect(compile(made.root)).toEqual([
    expect.stringMatching(/^host\.ts:1 TS\d+ Cannot find name 'setTimeout'\./),
  ]);
});
