import { symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentRecord } from "../../src/model/agentRecord.ts";
import { TaskShapes } from "../../src/runs/taskShapes.ts";
import { record } from "../unit/vscode/record.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const shapes = new TaskShapes(() => ({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath }));
afterEach(() => shapes.dispose());

const library = JSON.stringify(join(dist, "library/index.mjs"));
const agent: AgentRecord = record({
  name: "Finder",
  file_path: "finder.ts",
  base_chain: [{ name: "BaseAgent", file_path: null, module: "opsvi-agents" }],
});
const of = (args: unknown[] = [], fields: Partial<AgentRecord> = {}) =>
  shapes.of({ root: workspace.root, record: { ...agent, ...fields }, args });

beforeEach(() => symlink(resolve("node_modules"), join(workspace.root, "node_modules"), "junction"));

async function writeFinder(schema: string, constructor = ""): Promise<void> {
  await workspace.write("schema.ts", `import * as z from "zod";\nexport const schema = ${schema};\n`);
  await workspace.write(
    "finder.ts",
    `import { BaseAgent } from ${library};
import { schema } from "./schema.ts";
export class Finder extends BaseAgent {
  constructor(${constructor}) { super({ name: "f", agentType: "t" }, { taskSchema: schema }); }
  executeImpl() { throw new Error("It must not run."); }
}
`,
  );
}

describe("What the tasks of an agent look like", () => {
  it("is read from the schema that it declares, and anew once a file that it was read from changes", async () => {
    await writeFinder("z.object({ city: z.string().min(1), when: z.date().optional() })");
    const shape = {
      type: "object",
      properties: { city: { type: "string", minLength: 1 }, when: {} },
      required: ["city"],
    };
    expect(await of()).toMatchObject(shape);
    const before = performance.now();
    expect(await of()).toMatchObject(shape);
    expect(performance.now() - before).toBeLessThan(50);
    await writeFinder("z.object({ place: z.number() })");
    expect(await of()).toMatchObject({ properties: { place: { type: "number" } }, required: ["place"] });
  });

  it("is told by the standard where another library made the schema", async () => {
    await writeFinder(
      '({ "~standard": { version: 1, vendor: "own", validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: "string" }) } } })',
    );
    expect(await of()).toEqual({ type: "string" });
  });

  it("is that of the method's types where the agent declares none, or cannot be made", async () => {
    const methods = [
      {
        ...{ name: "executeImpl", lineno: 1, docstring: null, async: false },
        params: [{ name: "text", type: "string", optional: false }],
      },
    ];
    await writeFinder("undefined");
    expect(await of([], { methods })).toEqual({ type: "string" });
    await writeFinder("z.number()", "readonly client = (() => { throw new Error('no client'); })()");
    expect(await of([], { methods })).toEqual({ type: "string" });
    expect(await of([7], { methods })).toEqual({ type: "number" });
    expect(await of([7], { methods, base_chain: [] })).toEqual({ type: "string" });
  });

  it("is not known where a mapping tells how the agent takes its tasks", async () => {
    const params = [{ name: "text", type: "string", optional: false }];
    const methods = [{ name: "run", lineno: 1, docstring: null, async: false, params }];
    expect(await of([], { methods, base_chain: [] })).toEqual({ type: "string" });
    await workspace.write(
      ".proj-intel/adapters.json",
      '{"version": 1, "classes": {"Finder": {"method": "start", "arguments": ["task.input"]}}}',
    );
    expect(await of([], { methods, base_chain: [] })).toBeNull();
  });
});
