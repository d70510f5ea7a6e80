import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  chainOf,
  emptyFolder,
  indexFiles,
  indexFolder,
  named,
  project,
  writeFiles,
  type Files,
} from "./project.ts";

const child = 'import { Agent } from "kit";\nexport class Child extends Agent {}';
const declared =
  "export declare class Core {\n  /** Ends it. */\n  stop(): Promise<void>;\n}\nexport declare class Agent extends Core {\n  run(task: string): Promise<string>;\n}\n";
const resolved = "Agent [kit] < Core [kit]";

const inPackage = (name: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/${name}/${path}`, text]));

/** Where the typings of a package stand. */
const places: Record<string, Files> = {
  types: { "package.json": '{ "name": "kit", "types": "types/main.d.ts" }', "types/main.d.ts": declared },
  typings: { "package.json": '{ "name": "kit", "typings": "./main.d.ts" }', "main.d.ts": declared },
  "a file beside main": {
    "package.json": '{ "name": "kit", "main": "lib/main.js" }',
    "lib/main.js": "",
    "lib/main.d.ts": declared,
  },
  "index.d.ts": { "package.json": '{ "name": "kit" }', "index.d.ts": declared },
  "exports with conditions": {
    "package.json":
      '{ "name": "kit", "exports": { ".": { "import": { "types": "./a.d.mts", "default": "./a.mjs" }, "require": { "types": "./b.d.cts" } } } }',
    "a.d.mts": declared,
    "b.d.cts": "export declare class Wrong {}",
  },
  "exports for require only": {
    "package.json": '{ "name": "kit", "exports": { "require": { "types": "./b.d.cts" } } }',
    "b.d.cts": declared,
  },
  "exports for Node only": {
    "package.json": '{ "name": "kit", "exports": { "node": { "types": "./b.d.ts" } } }',
    "b.d.ts": declared,
  },
  "a barrel and a chunk with short names": {
    "package.json": '{ "name": "kit", "types": "index.d.ts" }',
    "index.d.ts": 'export { a as Agent } from "./chunk-x.js";',
    "chunk-x.d.ts":
      "declare class Core { stop(): void }\ndeclare class Agent extends Core { run(task: string): void }\nexport { Agent as a };",
  },
  "another package that it re-exports": {
    "package.json": '{ "name": "kit", "types": "index.d.ts" }',
    "index.d.ts": 'export * from "kit-core";',
    "node_modules/kit-core/package.json": '{ "name": "kit-core", "types": "index.d.ts" }',
    "node_modules/kit-core/index.d.ts": declared,
  },
};

describe("the typings of an installed package are read from", () => {
  for (const [place, files] of Object.entries(places)) {
    it(place, async () => {
      const index = await indexFiles({ "src/child.ts": child, ...inPackage("kit", files) });
      const record = named(index, "Child");
      const core = place.startsWith("another") ? "kit-core" : "kit";
      expect(chainOf(record)).toBe(`Agent [kit] < Core [${core}]`);
      expect(record.inherited_methods.map(({ name, from }) => `${from}.${name}`)).toEqual([
        "Agent.run",
        "Core.stop",
      ]);
    });
  }

  it("@types, also for a package with a scope", async () => {
    const index = await indexFiles({
      "child.ts": child,
      "other.ts": 'import { Agent } from "@team/kit";\nexport class OtherAgent extends Agent {}',
      ...inPackage("kit", { "package.json": '{ "name": "kit", "main": "a.js" }', "a.js": "" }),
      ...inPackage("@types/kit", { "package.json": '{ "types": "index.d.ts" }', "index.d.ts": declared }),
      ...inPackage("@types/team__kit", { "package.json": "{}", "index.d.ts": declared }),
    });
    expect(chainOf(named(index, "Child"))).toBe(resolved);
    expect(chainOf(named(index, "OtherAgent"))).toBe("Agent [@team/kit] < Core [@team/kit]");
  });

  it("a subpath", async () => {
    const index = await indexFiles({
      "child.ts": child.replace('"kit"', '"kit/agents/base"'),
      ...inPackage("kit", {
        "package.json": '{ "name": "kit", "exports": { "./agents/*": { "types": "./dist/agents/*.d.ts" } } }',
        "dist/agents/base.d.ts": declared,
      }),
    });
    expect(chainOf(named(index, "Child"))).toBe("Agent [kit/agents/base] < Core [kit]");
  });

  it("the nearest folder of packages", async () => {
    const index = await indexFiles({
      "app/src/child.ts": child,
      "node_modules/kit/index.d.ts": "export declare class Agent {}",
      "app/node_modules/kit/index.d.ts": declared,
    });
    expect(chainOf(named(index, "Child"))).toBe(resolved);
  });
});

/** How typings write a class. */
const forms: Record<string, { typings: string; source?: string; chain?: string }> = {
  "export default": {
    typings: `${declared}export default Agent;`,
    source: 'import Agent from "kit";\nexport class Child extends Agent {}',
  },
  "export =": {
    typings:
      "declare class Core { stop(): void }\ndeclare class Agent extends Core { run(task: string): void }\nexport = Agent;",
    source: 'const Agent = require("kit");\nexports.Child = class Child extends Agent {};',
  },
  "a namespace": {
    typings: `export declare namespace voice {\n${declared.replaceAll("export declare", "export")}}`,
    source: 'import * as kit from "kit";\nexport class Child extends kit.voice.Agent {}',
  },
  "export * as": {
    typings: 'export * as voice from "./voice";',
    source: 'import { voice } from "kit";\nexport class Child extends voice.Agent {}',
  },
  "a mixin's result": {
    typings:
      "declare class Core { stop(): void }\ndeclare const Agent_base: typeof Core & (new () => { log(): void });\nexport declare class Agent extends Agent_base { run(task: string): void }",
  },
  "a constructor type": {
    typings:
      "declare class Core { stop(): void }\ndeclare class Hidden extends Core { run(task: string): void }\nexport declare const Agent: new (name: string) => Hidden;",
  },
  "a type that imports": {
    typings:
      'declare const Agent_base: typeof import("./voice").Core;\nexport declare class Agent extends Agent_base { run(task: string): void }',
  },
};

describe("typings may declare a class by", () => {
  for (const [form, { typings, source = child }] of Object.entries(forms)) {
    it(form, async () => {
      const index = await indexFiles({
        "child.ts": source,
        ...inPackage("kit", { "index.d.ts": typings, "voice.d.ts": declared }),
      });
      expect(chainOf(named(index, "Child"))).toBe(resolved);
    });
  }
});

describe("what typings tell", () => {
  it("are methods with their place, capabilities that are inherited, and constructor parameters", async () => {
    const index = await indexFiles({
      "child.ts":
        'import { Agent } from "kit";\nexport class Child extends Agent {\n  async run(task: string) { return task; }\n}',
      ...inPackage("kit", {
        "index.d.ts":
          "export declare class Agent {\n  #private;\n  private secret;\n  constructor(options: { name: string });\n  run(task: string): Promise<string>;\n  stop(): void;\n  get name(): string;\n}",
      }),
    });
    const record = named(index, "Child");
    expect(record.inherited_methods).toEqual([
      { name: "stop", from: "Agent", file_path: "node_modules/kit/index.d.ts", params: [] },
    ]);
    expect(record.capabilities).toEqual([
      { name: "task_execution", own: true, method: "run", file_path: "child.ts", lineno: 3 },
      { name: "lifecycle", own: false, method: "stop", file_path: "node_modules/kit/index.d.ts", lineno: 6 },
    ]);
    expect(record.constructor_params).toEqual([
      { name: "options", type: "{ name: string }", optional: false },
    ]);
  });

  it("decides: a base of a package that is an error or a connection at last makes no agent", async () => {
    const index = await indexFiles({
      "a.ts": [
        'import { AgentFailure, Pool, Emitting } from "kit";',
        "export class LostAgent extends AgentFailure {}",
        "export class PoolAgent extends Pool { run(task: string) {} }",
        "export class LoudAgent extends Emitting { run(task: string) {} }",
      ].join("\n"),
      ...inPackage("kit", {
        "index.d.ts": [
          'import { EventEmitter } from "node:events";',
          'import * as http from "http";',
          "declare class Failure extends Error {}",
          "export declare class AgentFailure extends Failure {}",
          "export declare class Pool extends http.Agent {}",
          "export declare class Emitting extends EventEmitter {}",
        ].join("\n"),
      }),
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["LoudAgent"]);
    expect(chainOf(named(index, "LoudAgent"))).toBe("Emitting [kit] < EventEmitter [node:events]");
    expect(named(index, "LostAgent").evidence[0]).toBe(
      "not an agent: extends AgentFailure of kit, which extends Error",
    );
    expect(named(index, "PoolAgent").evidence[0]).toBe(
      "not an agent: extends Pool of kit, which extends Agent, a network connection",
    );
  });

  it("finds the agent behind a base, and the framework", async () => {
    const index = await indexFiles({
      "a.ts":
        'import { Thinker } from "@google/adk/flows";\nimport { HttpAgent } from "@ag-ui/client";\nexport class Desk extends Thinker {}\nexport class RemoteAgent extends HttpAgent {}',
      ...inPackage("@google/adk", {
        "package.json": '{ "name": "@google/adk", "exports": { "./flows": "./flows.d.ts" } }',
        "flows.d.ts": "declare class BaseAgent {}\nexport declare class Thinker extends BaseAgent {}",
      }),
    });
    expect(named(index, "Desk")).toMatchObject({ role: "agent", framework: "@google/adk" });
    expect(named(index, "Desk").evidence[0]).toBe(
      "extends Thinker of @google/adk/flows, which extends BaseAgent",
    );
    expect(named(index, "RemoteAgent")).toMatchObject({ role: "agent", framework: "@ag-ui/client" });
  });

  it("never lists a class of a package", async () => {
    const index = await indexFiles({ "child.ts": child, "node_modules/kit/index.d.ts": declared });
    expect([...index.agents, ...index.rejected].map(({ name }) => name)).toEqual(["Child"]);
    expect(index.files).toBe(1);
  });

  it("ends in circles, and where a package is broken", async () => {
    const index = await indexFiles({
      "a.ts":
        'import { Agent } from "kit";\nimport { Agent as Broken } from "broken";\nexport class AAgent extends Agent {}\nexport class BAgent extends Broken {}',
      "node_modules/kit/index.d.ts":
        'export * from "./index.js";\nexport declare class Agent extends Other {}\nexport declare class Other extends Agent {}',
      "node_modules/broken/package.json": "{ broken",
      "node_modules/broken/index.d.ts": "export declare class Agent extends",
    });
    expect(chainOf(named(index, "AAgent"))).toBe("Agent [kit] < Other [kit]");
    expect(chainOf(named(index, "BAgent"))).toBe("Agent [broken]");
  });
});

describe("symbolic links in node_modules", () => {
  it("are followed within the workspace, with what stands beside the package", async () => {
    const root = project({
      "src/child.ts": child,
      "node_modules/.pnpm/kit@1/node_modules/kit/index.d.ts":
        'import { Core } from "core";\nexport declare class Agent extends Core {}',
      "node_modules/.pnpm/core@1/node_modules/core/index.d.ts":
        "export declare class Core { run(task: string): void }",
    });
    const store = join(root, "node_modules/.pnpm");
    symlinkSync(join(store, "kit@1/node_modules/kit"), join(root, "node_modules/kit"), "dir");
    symlinkSync(join(store, "core@1/node_modules/core"), join(store, "kit@1/node_modules/core"), "dir");
    const record = named(await indexFolder(root), "Child");
    expect(chainOf(record)).toBe("Agent [kit] < Core [core]");
    expect(record.inherited_methods).toMatchObject([
      { name: "run", file_path: "node_modules/.pnpm/core@1/node_modules/core/index.d.ts" },
    ]);
  });

  it("are followed out of the workspace, where declarations have no path", async () => {
    const store = project({
      "kit@1/node_modules/kit/index.d.ts":
        'import { Core } from "core";\nexport declare class Agent extends Core {}',
      "kit@1/node_modules/core/index.d.ts": "export declare class Core { run(task: string): void }",
      "linked/dist/index.d.ts": 'export { Agent } from "./base";',
      "linked/dist/base.d.ts": "export declare class Agent { plan(goal: string): void }",
      "linked/package.json": '{ "name": "linked", "types": "dist/index.d.ts" }',
    });
    const root = project({
      "child.ts": child,
      "other.ts": 'import { Agent } from "linked";\nexport class OtherAgent extends Agent {}',
    });
    mkdirSync(join(root, "node_modules"));
    symlinkSync(join(store, "kit@1/node_modules/kit"), join(root, "node_modules/kit"), "dir");
    symlinkSync(join(store, "linked"), join(root, "node_modules/linked"), "dir");
    const index = await indexFolder(root);
    expect(chainOf(named(index, "Child"))).toBe("Agent [kit] < Core [core]");
    expect(named(index, "Child").inherited_methods).toMatchObject([{ name: "run", file_path: "" }]);
    expect(named(index, "OtherAgent").inherited_methods).toMatchObject([{ name: "plan", file_path: "" }]);
  });

  it("lead nowhere else: what lies above or beside the workspace is not read", async () => {
    const above = emptyFolder();
    writeFiles(above, {
      "node_modules/kit/index.d.ts": declared,
      "secret/index.d.ts": declared,
      "app/child.ts": child,
      "app/other.ts": 'import { Agent } from "escape";\nexport class OtherAgent extends Agent {}',
      "app/node_modules/escape/index.d.ts": 'export * from "../../../secret/index";',
    });
    const index = await indexFolder(join(above, "app"));
    expect(chainOf(named(index, "Child"))).toBe("Agent [kit]");
    expect(chainOf(named(index, "OtherAgent"))).toBe("Agent [escape]");
  });

  it("to a package of the workspace mean its source", async () => {
    const root = project({
      "packages/kit/package.json": '{ "name": "kit", "types": "dist/index.d.ts" }',
      "packages/kit/dist/index.d.ts": declared,
      "packages/kit/src/index.ts": "export class Agent { run(task: string) {} }",
      "packages/app/child.ts": child,
    });
    mkdirSync(dirname(join(root, "node_modules/kit")));
    symlinkSync(join(root, "packages/kit"), join(root, "node_modules/kit"), "dir");
    expect(chainOf(named(await indexFolder(root), "Child"))).toBe("Agent (packages/kit/src/index.ts)");
  });
});
