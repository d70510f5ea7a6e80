import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { node20 } from "../../scripts/node20.ts";
import { Project } from "./project.ts";

const example = "examples/library";
const manifest = JSON.parse(readFileSync(join(example, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const compilers = Object.entries(manifest.devDependencies).map(([name, range]) => `${name}@${range}`);

const entries = `
import { MemoryCheckpointStore } from "opsvi-agents";
import { BaseAgent } from "opsvi-agents/core";
import { checkpointStoreConformance, type ConformanceCase } from "opsvi-agents/conformance";
export const cases: ConformanceCase[] = checkpointStoreConformance({
  name: "memory", create: () => new MemoryCheckpointStore(), managed: true,
});
export const agent = new BaseAgent({ name: "a", agentType: "t" });
void (async () => { for (const { run } of cases) await run(); console.log(cases.length > 10, agent.state); })();
`;

describe.each(["module", "commonjs"])("examples/library in an empty project of type %s", (type) => {
  let project: Project;

  beforeAll(() => {
    project = new Project({ ...manifest, dependencies: {}, devDependencies: {}, type }, ...compilers);
    for (const file of ["main.ts", "trendAgent.ts", "tsconfig.json"])
      cpSync(join(example, file), project.path(file));
    writeFileSync(project.path("entries.ts"), entries);
  }, 180_000);
  afterAll(() => project.dispose());

  const tsc = (...args: string[]) => project.node(["node_modules/typescript/bin/tsc", ...args]);

  it("compiles strictly under node16 resolution, declarations included", () => {
    expect(tsc()).toBe("");
  });

  it("type-checks under node10 resolution", () => {
    const module = type === "module" ? "es2022" : "commonjs";
    const options = ["--moduleResolution", "node10", "--ignoreDeprecations", "6.0"];
    expect(tsc("--noEmit", "--module", module, ...options)).toBe("");
  });

  it("type-checks under bundler resolution", () => {
    expect(tsc("--noEmit", "--module", "preserve", "--moduleResolution", "bundler")).toBe("");
  });

  it("has entry points for the core and for the conformance of stores", () => {
    expect(project.node(["entries.js"])).toBe("true created\n");
  });

  it.each([
    ["Node 20.19", node20],
    ["Node 24", () => Promise.resolve(process.execPath)],
  ])("runs under %s", async (_, node) => {
    const output = project.node(["main.js"], await node());
    const [first, second, lamps, rising, steady, total] = output.trim().split("\n");
    expect(first).toBe(`{ output: 'Ada, we look into "my lamp"' }`);
    expect(second).toMatch(/^The task lacks text: /);
    expect(lamps).toBe("ReviewAgent { article: 'lamps', approved: true }");
    expect(rising).toBe("TrendAgent { next: 23 }");
    expect(steady).toBe("TrendAgent { next: 5 }");
    expect(total).toMatch(/^{ executions: 3, failures: 1, tokens: 120, checkpoints: \d+ }$/);
  });
});
