import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { UniversalAgentAdapter, type AdapterMapping } from "../../../src/runtime/core/index.ts";
import { applyPlan } from "./applyPlan.ts";
import { compile } from "./compiler.ts";
import { buildCore, Project } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(buildCore, 60_000);

const mappingFile = ".proj-intel/adapters.json";
const text = `export class BaseAgent2 {
  seen: string[] = [];
  boot() {
    this.seen.push("boot");
  }
  start(query: string, size: number): { state: { code: number }; size: number } {
    this.seen.push(query);
    return { state: { code: query === "" ? 500 : 200 }, size };
  }
}

export class ShopAgent extends BaseAgent2 {}
`;
const path = "src/shop.ts";
const files = {
  "package.json": `{ "name": "shop" }`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "noEmit": true, "types": [] } }`,
  [path]: text,
};
const mapping: AdapterMapping = {
  BaseAgent2: {
    method: "start",
    arguments: ["task.query", { value: 5 }],
    init: null,
    close: null,
    failedWhen: "reported",
  },
  ShopAgent: {
    init: "boot",
    snapshot: { fields: ["seen"] },
    failedWhen: { field: "state.code", equals: 500 },
  },
};
const record = {
  ...recordOf("ShopAgent", path, [{ name: "BaseAgent2", file_path: path, module: null }]),
  agent_type: "shop",
  capabilities: [],
};
const written = (classes: AdapterMapping) => JSON.stringify({ version: 1, classes });

const update = (project: Project) => project.plan(path, "ShopAgent", record, { action: "update" });
const upToDate = {
  status: "migrated",
  reason: "ShopAgentAdapter is up to date: what it was made from in ShopAgent has not changed.",
};

test("an adapter is told what the project says of its class and of what that extends, and compiles", async () => {
  using project = new Project({ ...files, [mappingFile]: written(mapping) });
  await project.migrate(path, "ShopAgent", {}, record);
  expect(project.read(path)).toContain(`    super(new ShopAgent(...args), {
      agentType: "shop",
      name: "ShopAgent",
      method: "start",
      arguments: ["task.query", { value: 5 }],
      init: "boot",
      close: null,
      snapshot: { fields: ["seen"] },
      failedWhen: { field: "state.code", equals: 500 },
    });
`);
  expect(compile(project.root)).toEqual([]);
  await undoMigrations({ root: project.root });
  expect(project.tree()).toEqual(files);
});

test("constants are written in the style of the file, broken where they are long", async () => {
  const value = { "a-b": [1.5, -2, true, null], it: "it's", ["__proto__"]: { a: {} }, long: "x".repeat(60) };
  const source = "export class ShopAgent {\n  work(a, b) {\n    return [a, b, 'x', {a: 1}]\n  }\n}\n";
  using project = new Project({
    "package.json": `{ "name": "shop", "type": "module" }`,
    "shop.js": source,
    [mappingFile]: JSON.stringify({
      version: 1,
      classes: { ShopAgent: { method: "work", arguments: ["task", { value }] } },
    }),
  });
  await project.migrate("shop.js", "ShopAgent");
  expect(project.read("shop.js")).toContain(`      method: 'work',
      arguments: [
        'task',
        {
          value: {
            'a-b': [1.5, -2, true, null],
            it: 'it\\'s',
            ['__proto__']: {a: {}},
            long: '${"x".repeat(60)}',
          },
        },
      ],
    })
`);
  const { ShopAgentAdapter } = (await import(pathToFileURL(project.path("shop.js")).href)) as {
    ShopAgentAdapter: new () => UniversalAgentAdapter;
  };
  const { value: answer } = new ShopAgentAdapter().execute("hi") as { value: unknown[] };
  expect(answer[0]).toBe("hi");
  expect(JSON.stringify(answer[1])).toBe(JSON.stringify(value));
  expect(await project.plan("shop.js", "ShopAgent", undefined, { action: "update" })).toEqual(upToDate);
});

test("a migrated class behaves as its runs did", async () => {
  const source = `export class ShopAgent {
  seen = [];
  boot() { this.seen.push("boot"); }
  start(query, size) { this.seen.push(query); return { state: { code: query === "" ? 500 : 200 }, size }; }
}
`;
  const own = { ShopAgent: { ...mapping.BaseAgent2, ...mapping.ShopAgent } };
  using project = new Project({
    "package.json": `{ "name": "shop", "type": "module" }`,
    "shop.js": source,
    [mappingFile]: written(own),
  });
  await project.migrate("shop.js", "ShopAgent");
  const module = (await import(pathToFileURL(project.path("shop.js")).href)) as {
    ShopAgent: new () => { seen: string[] };
    ShopAgentAdapter: new () => UniversalAgentAdapter<{ seen: string[] }>;
  };
  const run = new UniversalAgentAdapter(new module.ShopAgent(), { agentType: "shop", mapping: own });
  const adapter = new module.ShopAgentAdapter();
  for (const task of [{ query: "tea" }, { query: "" }, { other: 1 }]) {
    const told = [run, adapter].map((agent) => {
      const result = agent.execute(task);
      return result.status === "success" ? result.value : result.error.message;
    });
    expect(told[1]).toEqual(told[0]);
  }
  expect(adapter.legacy.seen).toEqual(run.legacy.seen);
  expect(adapter.legacy.seen).toEqual(["boot", "tea"]);
});

test("an adapter follows what the project says of its class, and keeps what it says no more", async () => {
  using project = new Project({ ...files, [mappingFile]: written(mapping) });
  await project.migrate(path, "ShopAgent", {}, record);
  expect(await update(project)).toEqual(upToDate);
  project.write(mappingFile, written({ ShopAgent: { close: "boot", failedWhen: "reported" } }));
  const result = await update(project);
  if (result.status !== "ready") throw new Error(result.reason);
  await applyPlan(project.root, result.plan);
  expect(project.read(path)).toContain(`      method: "start",
      arguments: ["task.query", { value: 5 }],
      init: "boot",
      close: "boot",
      snapshot: { fields: ["seen"] },
      failedWhen: "reported",
`);
  expect(await update(project)).toEqual(upToDate);
  project.write(mappingFile, written({}));
  expect(await update(project)).toEqual(upToDate);
  await undoMigrations({ root: project.root });
  expect(project.read(path)).toBe(text);
});

test("the arguments are those of the method that the project names", async () => {
  using project = new Project({ ...files, [mappingFile]: written({ ShopAgent: mapping.BaseAgent2 ?? {} }) });
  const result = await project.plan(path, "ShopAgent", record, {}, "boot");
  if (result.status !== "ready") throw new Error(result.reason);
  const inserted = result.plan.changes[0]?.edits.map((edit) => edit.text).join("");
  expect(inserted).toContain('      method: "boot",\n      init: null,\n');
});

test("a class of which the project says more than the method is not rewritten", async () => {
  const alone = "export class ShopAgent {\n  execute(task: string) {\n    return task;\n  }\n}\n";
  using project = new Project({
    ...files,
    [path]: alone,
    [mappingFile]: written({ ShopAgent: { init: null, failedWhen: "reported" } }),
  });
  expect(await project.plan(path, "ShopAgent", recordOf("ShopAgent", path), { action: "rewrite" })).toEqual({
    status: "refused",
    reason:
      "ShopAgent is called as .proj-intel/adapters.json says (init, failedWhen), and a BaseAgent is not: migrate it with an adapter.",
  });
});
