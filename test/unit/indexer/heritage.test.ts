import { describe, expect, it } from "vitest";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { chainOf, indexFiles, named, type Files } from "./project.ts";

const base = "export class Foundation {\n  async executeTask(task: string) { return task; }\n}\n";
const agent = "export class BaseAgent {\n  execute(task: unknown) { return task; }\n}\n";

/** Every form leads from a class without "Agent" in its name to an agent: only its heritage can tell. */
const forms: Record<string, { files: Files; chain: string; name?: string }> = {
  "a relative import": {
    files: { "child.ts": 'import { BaseAgent } from "./base";\nexport class Child extends BaseAgent {}' },
    chain: "BaseAgent (base.ts)",
  },
  "an import written as .js": {
    files: { "child.ts": 'import { BaseAgent } from "./base.js";\nexport class Child extends BaseAgent {}' },
    chain: "BaseAgent (base.ts)",
  },
  "an index file": {
    files: {
      "agents/index.ts": "export abstract class BaseAgent { abstract run(task: string): string }",
      "child.ts": 'import { BaseAgent } from "./agents";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (agents/index.ts)",
  },
  "a renamed import": {
    files: { "child.ts": 'import { BaseAgent as Root } from "./base";\nexport class Child extends Root {}' },
    chain: "BaseAgent (base.ts)",
  },
  "a default export": {
    files: {
      "base.ts": "export default class WorkAgent { run(task: string) { return task; } }",
      "child.ts": 'import Root from "./base";\nexport class Child extends Root {}',
    },
    chain: "WorkAgent (base.ts)",
  },
  "an anonymous default export": {
    files: {
      "base.ts": agent,
      "middle.ts": 'import { BaseAgent } from "./base";\nexport default class extends BaseAgent {}',
      "child.ts": 'import Middle from "./middle";\nexport class Child extends Middle {}',
    },
    chain: "default (middle.ts) < BaseAgent (base.ts)",
  },
  "a default export of a name declared before": {
    files: {
      "base.ts": `class BaseAgent { run(task: string) { return task } }\nexport default BaseAgent`,
      "child.ts": 'import Root from "./base"\nexport class Child extends Root {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a default imported by name": {
    files: {
      "middle.ts":
        'import { BaseAgent } from "./base";\nclass Inner extends BaseAgent {}\nexport { Inner as default };',
      "child.ts": 'import { default as Root } from "./middle";\nexport class Child extends Root {}',
    },
    chain: "Inner (middle.ts) < BaseAgent (base.ts)",
  },
  "a barrel of export *": {
    files: {
      "index.ts": 'export * from "./other";\nexport * from "./base";',
      "other.ts": "export const other = 1;",
      "child.ts": 'import { BaseAgent } from ".";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a barrel that renames": {
    files: {
      "index.ts": 'export { BaseAgent as Root } from "./base";',
      "child.ts": 'import { Root } from "./index";\nexport class Child extends Root {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a barrel that names a default": {
    files: {
      "middle.ts": 'import { BaseAgent } from "./base";\nexport default class Inner extends BaseAgent {}',
      "index.ts": 'export { default as Root } from "./middle";',
      "child.ts": 'import { Root } from "./index";\nexport class Child extends Root {}',
    },
    chain: "Inner (middle.ts) < BaseAgent (base.ts)",
  },
  "a namespace import": {
    files: {
      "child.ts": 'import * as agents from "./base";\nexport class Child extends agents.BaseAgent {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "export * as namespace": {
    files: {
      "index.ts": 'export * as agents from "./base";',
      "child.ts": 'import { agents } from "./index";\nexport class Child extends agents.BaseAgent {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a TypeScript namespace": {
    files: {
      "child.ts":
        "namespace Core { export class BaseAgent { run(task: string) { return task } } }\nexport class Child extends Core.BaseAgent {}",
    },
    chain: "BaseAgent (child.ts)",
  },
  "a class expression": {
    files: {
      "child.ts": 'import { BaseAgent } from "./base";\nexport const Child = class extends BaseAgent {};',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a variable that holds the base": {
    files: {
      "child.ts":
        'import { BaseAgent } from "./base";\nconst Root = BaseAgent;\nexport class Child extends Root {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a mixin that is declared": {
    files: {
      "mixin.ts":
        "type C = new (...args: any[]) => object;\nexport function Traced<T extends C>(Root: T) {\n  return class extends Root { trace() {} };\n}",
      "child.ts":
        'import { BaseAgent } from "./base";\nimport { Traced } from "./mixin";\nexport class Child extends Traced(BaseAgent) {}',
    },
    chain: " (mixin.ts) < BaseAgent (base.ts)",
  },
  "mixins as arrow functions, one in another, through a variable": {
    files: {
      "mixin.ts":
        "export const Logged = (Root) => class Logging extends Root { log() {} };\nexport const Timed = (Root) => {\n  class Timing extends Root {}\n  return Timing;\n};",
      "traced.ts":
        'import { BaseAgent } from "./base";\nimport { Logged, Timed } from "./mixin";\nexport const Root = Logged(Timed(BaseAgent));',
      "child.ts": 'import { Root } from "./traced";\nexport class Child extends Root {}',
    },
    chain: "Logging (mixin.ts) < Timing (mixin.ts) < BaseAgent (base.ts)",
  },
  "a mixin of a package": {
    files: {
      "child.ts":
        'import { mixin } from "some-mixins";\nimport { BaseAgent } from "./base";\nexport class Child extends mixin(BaseAgent, { a: 1 }) {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  generics: {
    files: {
      "child.ts":
        'import { BaseAgent } from "./base";\nexport class Child<T extends { a: string }> extends BaseAgent<T, { b: number }> {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "module.exports of a class": {
    files: {
      "base.cjs": "class BaseAgent { run(task) { return task } }\nmodule.exports = BaseAgent",
      "child.cjs":
        'const Root = require("./base.cjs")\nclass Child extends Root {}\nmodule.exports = { Child }',
    },
    chain: "BaseAgent (base.cjs)",
  },
  "module.exports of an object, destructured and renamed": {
    files: {
      "base.js": "class BaseAgent { run(task) { return task } }\nmodule.exports = { Root: BaseAgent };",
      "child.js":
        'const { Root: Start } = require("./base");\nclass Child extends Start {}\nexports.Child = Child;',
    },
    chain: "BaseAgent (base.js)",
  },
  "exports.name and a member of require": {
    files: {
      "base.js": "exports.Root = class BaseAgent { run(task) { return task } };",
      "child.js":
        'const Start = require("./base").Root;\nmodule.exports.Child = class Child extends Start {};',
    },
    chain: "BaseAgent (base.js)",
  },
  "a JavaScript file that stands beside a TypeScript one": {
    files: {
      "base.ts": "export class Other {}",
      "base.js": "class BaseAgent { run(task) { return task } }\nmodule.exports = { BaseAgent };",
      "child.js":
        'const { BaseAgent } = require("./base");\nmodule.exports.Child = class Child extends BaseAgent {};',
    },
    chain: "BaseAgent (base.js)",
  },
  "a whole module required": {
    files: {
      "base.js": "class BaseAgent { run(task) { return task } }\nmodule.exports = { BaseAgent };",
      "child.js":
        'const core = require("./base");\nclass Child extends core.BaseAgent {}\nmodule.exports = Child;',
    },
    chain: "BaseAgent (base.js)",
  },
  "export = and import = require": {
    files: {
      "base.cts": "class BaseAgent { run(task: string) { return task } }\nexport = BaseAgent;",
      "child.cts": 'import Root = require("./base.cjs");\nexport class Child extends Root {}',
    },
    chain: "BaseAgent (base.cts)",
  },
  "tsconfig paths, with comments and an extended configuration": {
    files: {
      "tsconfig.base.json":
        '{ "compilerOptions": { "baseUrl": ".", "paths": { "@core/*": ["packages/core/*"] } } }',
      "app/tsconfig.json": '{\n  // the team\'s\n  "extends": "../tsconfig.base.json",\n}',
      "packages/core/base.ts": agent,
      "app/child.ts": 'import { BaseAgent } from "@core/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (packages/core/base.ts)",
  },
  "paths of a referenced configuration": {
    files: {
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      "tsconfig.app.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      "src/base.ts": agent,
      "src/child.ts": 'import { BaseAgent } from "@/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (src/base.ts)",
  },
  "the base URL": {
    files: {
      "tsconfig.json": '{ "compilerOptions": { "baseUrl": "src" } }',
      "src/agents/base.ts": agent,
      "src/child.ts": 'import { BaseAgent } from "agents/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (src/agents/base.ts)",
  },
  "a package of the workspace whose entry is built": {
    files: {
      "packages/core/package.json":
        '{ "name": "@team/core", "main": "./dist/index.js", "types": "./dist/index.d.ts" }',
      "packages/core/src/index.ts": 'export * from "./base";',
      "packages/core/src/base.ts": agent,
      "packages/app/child.ts":
        'import { BaseAgent } from "@team/core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (packages/core/src/base.ts)",
  },
  "a subpath of a workspace package's exports": {
    files: {
      "core/package.json":
        '{ "name": "core", "exports": { ".": "./dist/index.mjs", "./agents/*": { "types": "./dist/agents/*.d.ts", "import": "./dist/agents/*.mjs" } } }',
      "core/src/agents/base.ts": agent,
      "app/child.ts":
        'import { BaseAgent } from "core/agents/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (core/src/agents/base.ts)",
  },
  "imports of the package itself": {
    files: {
      "package.json": '{ "name": "app", "imports": { "#agents/*": "./src/agents/*.ts" } }',
      "src/agents/base.ts": agent,
      "src/child.ts": 'import { BaseAgent } from "#agents/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (src/agents/base.ts)",
  },
  "paths relative to the configuration that extends, of a package of the workspace": {
    files: {
      "tooling/package.json": '{ "name": "@team/tsconfig" }',
      "tooling/base.json": '{ "compilerOptions": { "paths": { "~core/*": ["${configDir}/lib/*"] } } }',
      "app/tsconfig.json": '{ "extends": ["@team/tsconfig/base.json"] }',
      "app/lib/base.ts": agent,
      "app/src/child.ts": 'import { BaseAgent } from "~core/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (app/lib/base.ts)",
  },
  "paths of an installed configuration": {
    files: {
      "node_modules/@team/tsconfig/tsconfig.json":
        '{ "compilerOptions": { "paths": { "@lib/*": ["${configDir}/lib/*"] } } }',
      "tsconfig.json": '{ "extends": "@team/tsconfig" }',
      "lib/base.ts": agent,
      "src/child.ts": 'import { BaseAgent } from "@lib/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (lib/base.ts)",
  },
  "project references, each with its own paths": {
    files: {
      "tsconfig.json": '{ "files": [], "references": [{ "path": "app" }, { "path": "core" }] }',
      "core/tsconfig.json": '{ "compilerOptions": { "composite": true, "paths": { "#/*": ["./src/*"] } } }',
      "core/src/index.ts": 'export * from "#/base";',
      "core/src/base.ts": agent,
      "app/tsconfig.json":
        '{ "compilerOptions": { "paths": { "core": ["../core/src"] } }, "references": [{ "path": "../core" }] }',
      "app/child.ts": 'import { BaseAgent } from "core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (core/src/base.ts)",
  },
  "paths of a workspace's only configuration, tsconfig.base.json": {
    files: {
      "tsconfig.base.json":
        '{ "compilerOptions": { "paths": { "@team/core": ["libs/core/src/index.ts"] } } }',
      "libs/core/src/index.ts": agent,
      "apps/a/child.ts": 'import { BaseAgent } from "@team/core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (libs/core/src/index.ts)",
  },
  "@ where only a bundler knows it": {
    files: {
      "web/package.json": "{}",
      "web/src/agents/base.ts": agent,
      "web/src/pages/child.ts":
        'import { BaseAgent } from "@/agents/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (web/src/agents/base.ts)",
  },
  "a package of the workspace under another name": {
    files: {
      "package.json": '{ "workspaces": ["packages/*"] }',
      "packages/core/package.json": '{ "name": "@team/core", "main": "src/index.ts" }',
      "packages/core/src/index.ts": agent,
      "packages/app/package.json": '{ "dependencies": { "kernel": "workspace:@team/core@*" } }',
      "packages/app/child.ts": 'import { BaseAgent } from "kernel";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (packages/core/src/index.ts)",
  },
  "a package of the workspace whose source is a condition": {
    files: {
      "packages/core/package.json":
        '{ "name": "@team/core", "exports": { ".": { "source": "./lib/main.ts", "default": "./bundle.js" } }, "publishConfig": { "main": "bundle.js" } }',
      "packages/core/lib/main.ts": agent,
      "packages/app/child.ts":
        'import { BaseAgent } from "@team/core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (packages/core/lib/main.ts)",
  },
  "the package itself by its name": {
    files: {
      "package.json": '{ "name": "app", "exports": { "./*": "./src/*.ts" } }',
      "src/base.ts": agent,
      "src/child.ts": 'import { BaseAgent } from "app/base";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (src/base.ts)",
  },
  "a folder whose package.json names its source": {
    files: {
      "core/package.json": '{ "types": "lib/base.d.ts", "main": "lib/base.js" }',
      "core/src/base.ts": agent,
      "child.ts": 'import { BaseAgent } from "./core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (core/src/base.ts)",
  },
  "imports of the package that mean another": {
    files: {
      "package.json": '{ "imports": { "#core": { "default": "@team/core" } } }',
      "core/package.json": '{ "name": "@team/core", "types": "index.ts" }',
      "core/index.ts": agent,
      "child.ts": 'import { BaseAgent } from "#core";\nexport class Child extends BaseAgent {}',
    },
    chain: "BaseAgent (core/index.ts)",
  },
  "CommonJS from an ES module, its default being the whole": {
    files: {
      "base.cjs": "class BaseAgent { run(task) { return task } }\nmodule.exports = { BaseAgent };",
      "child.mjs": 'import core from "./base.cjs";\nexport class Child extends core.BaseAgent {}',
    },
    chain: "BaseAgent (base.cjs)",
  },
  "an ES module from CommonJS, its default by name": {
    files: {
      "base.mjs": "export default class BaseAgent { run(task) { return task } }",
      "child.cjs": 'const { default: Root } = require("./base.mjs");\nexports.Child = class extends Root {};',
    },
    chain: "BaseAgent (base.mjs)",
  },
  "an alias of a namespace's member": {
    files: {
      "child.ts":
        'import * as agents from "./base";\nimport Root = agents.BaseAgent;\nexport class Child extends Root {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "decorators, implements and abstract": {
    files: {
      "child.ts":
        'import { BaseAgent } from "./base";\n@injectable({ scope: "class" })\nexport abstract class Child extends BaseAgent implements Runs, Stops<string> {}',
    },
    chain: "BaseAgent (base.ts)",
  },
  "an external base": {
    files: { "child.ts": 'import { LlmAgent } from "@google/adk";\nexport class Child extends LlmAgent {}' },
    chain: "LlmAgent [@google/adk]",
  },
  "an external base under another name": {
    files: { "child.ts": 'import { Agent as Root } from "agents";\nexport class Child extends Root {}' },
    chain: "Agent [agents]",
  },
  "a member of an external namespace": {
    files: {
      "child.ts": 'import { voice } from "@livekit/agents";\nexport class Child extends voice.Agent {}',
    },
    chain: "Agent [@livekit/agents]",
  },
  "an external base through a barrel": {
    files: {
      "index.ts": 'export { BaseAgent as Root } from "some-framework";',
      "child.ts": 'import { Root } from "./index";\nexport class Child extends Root {}',
    },
    chain: "BaseAgent [some-framework]",
  },
  "util.inherits": {
    files: {
      "base.js":
        "function BaseAgent() {}\nBaseAgent.prototype.run = function (task) { return task; };\nmodule.exports = BaseAgent; // class BaseAgent",
      "child.js":
        'var util = require("util");\nvar Base = require("./base");\nfunction Child() { Base.call(this); }\nutil.inherits(Child, Base);\nmodule.exports = Child;',
    },
    chain: "BaseAgent (base.js)",
  },
  "inherits, destructured or of a package": {
    files: {
      "base.js": "exports.BaseAgent = class BaseAgent { run(task) { return task } }",
      "middle.js":
        'const { inherits } = require("util");\nconst { BaseAgent } = require("./base");\nfunction Middle() {}\ninherits(Middle, BaseAgent);\nexports.Middle = Middle;',
      "child.js":
        'var inherits = require("inherits");\nfunction Child() {}\ninherits(Child, require("./middle").Middle);\nexports.Child = Child;',
    },
    chain: "Middle (middle.js) < BaseAgent (base.js)",
  },
  setPrototypeOf: {
    files: {
      "child.js":
        'import { BaseAgent } from "./base";\nexport function Child() {}\nObject.setPrototypeOf(Child.prototype, BaseAgent.prototype);\nObject.setPrototypeOf(Child, BaseAgent);',
    },
    chain: "BaseAgent (base.ts)",
  },
  "Object.create": {
    files: {
      "child.js":
        'import { BaseAgent as Root } from "./base";\nexport var Child = function () {};\nChild.prototype = Object.create(Root.prototype, {});\nChild.prototype.constructor = Child;',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a prototype that is an instance": {
    files: {
      "child.js":
        'const core = require("./base");\nexports.Child = function () {};\nexports.Child.prototype = new core.BaseAgent();',
    },
    chain: "BaseAgent (base.ts)",
  },
  __proto__: {
    files: {
      "child.js":
        'import { BaseAgent } from "./base";\nexport function Child() {}\nChild.prototype.__proto__ = BaseAgent.prototype;',
    },
    chain: "BaseAgent (base.ts)",
  },
  "Object.assign of a new prototype": {
    files: {
      "child.js":
        'import { BaseAgent } from "./base";\nexport function Child() {}\nChild.prototype = Object.assign(Object.create(BaseAgent.prototype), { stop() {} });',
    },
    chain: "BaseAgent (base.ts)",
  },
  "a class that extends a constructor function of module.exports": {
    files: {
      "base.js":
        "var BaseAgent = (module.exports = function () {}); // class BaseAgent\nBaseAgent.prototype.run = function (task) {};",
      "child.js": 'class Child extends require("./base") {}\nexports.Child = Child;',
    },
    chain: "BaseAgent (base.js)",
  },
  "several steps": {
    files: {
      "middle.ts": 'import { BaseAgent } from "./base";\nexport class Middle extends BaseAgent {}',
      "lower.ts": 'import { Middle as M } from "./middle";\nexport class Lower extends M {}',
      "child.ts": 'import { Lower } from "./lower";\nexport class Child extends Lower {}',
    },
    chain: "Lower (lower.ts) < Middle (middle.ts) < BaseAgent (base.ts)",
  },
};

describe("an agent is found by its heritage through", () => {
  for (const [form, { files, chain }] of Object.entries(forms)) {
    it(form, async () => {
      const hasBase = Object.values(files).some((text) => text.includes("class BaseAgent"));
      const index = await indexFiles(hasBase ? files : { "base.ts": agent, ...files });
      const child = named(index, "Child");
      expect(chainOf(child)).toBe(chain);
      expect(child.role).toBe("agent");
    });
  }
});

describe("heritage", () => {
  it("is told with the methods it brings, each with its place", async () => {
    const index = await indexFiles({
      "base.ts": base,
      "middle.ts":
        'import { Foundation } from "./base";\nexport class MiddleAgent extends Foundation { stop() {} }',
      "child.ts":
        'import { MiddleAgent } from "./middle";\nexport class Child extends MiddleAgent { override stop() {} plan() {} }',
    });
    const child = named(index, "Child");
    expect(child.inherited_methods).toEqual([
      {
        name: "executeTask",
        from: "Foundation",
        file_path: "base.ts",
        params: [{ name: "task", type: "string", optional: false }],
      },
    ]);
    expect(child.capabilities).toContainEqual({
      name: "task_execution",
      own: false,
      method: "executeTask",
      file_path: "base.ts",
      lineno: 2,
    });
    expect(child.capabilities).toContainEqual({
      name: "lifecycle",
      own: true,
      method: "stop",
      file_path: "child.ts",
      lineno: 2,
    });
  });

  it("in a circle ends", async () => {
    const index = await indexFiles({
      "a.ts": 'import { BAgent } from "./b";\nexport class AAgent extends BAgent { run(task: string) {} }',
      "b.ts": 'import { AAgent } from "./a";\nexport class BAgent extends AAgent {}',
      "c.ts": "export class CAgent extends CAgent { run(task: string) {} }",
    });
    expect(chainOf(named(index, "AAgent"))).toBe("BAgent (b.ts)");
    expect(chainOf(named(index, "CAgent"))).toBe("");
    expect(index.agents).toHaveLength(3);
  });

  it("through barrels in a circle ends", async () => {
    const index = await indexFiles({
      "a.ts": 'export * from "./b";\nexport class BaseAgent { run(task: string) {} }',
      "b.ts": 'export * from "./a";',
      "c.ts":
        'import { BaseAgent, Missing } from "./b";\nexport class Child extends BaseAgent {}\nexport class LostAgent extends Missing {}',
    });
    expect(chainOf(named(index, "Child"))).toBe("BaseAgent (a.ts)");
    expect(chainOf(named(index, "LostAgent"))).toBe("");
  });

  it("through a mixin that applies itself ends", async () => {
    const index = await indexFiles({
      "a.ts":
        "function Loop(Base) { return class extends Loop(Base) {}; }\nclass BaseAgent { run(task) {} }\nexport class Child extends Loop(BaseAgent) {}",
    });
    expect(named(index, "BaseAgent").role).toBe("agent");
  });

  it("does not make an agent of a mixin's own class", async () => {
    const index = await indexFiles({
      "a.ts":
        "const Traced = (Base) => class Tracing extends Base { trace() {} };\nclass BaseAgent { run(task) {} }\nexport class Child extends Traced(BaseAgent) {}\nexport class View extends Traced(Map) {}",
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["BaseAgent", "Child"]);
    expect(index.rejected).toEqual([]);
  });

  it("of two classes of one name is told apart by scope", async () => {
    const index = await indexFiles({
      "a.ts": [
        "class BaseAgent { run(task: string) {} }",
        "export function make() {",
        "  class BaseAgent extends Error {}",
        "  return class Inner extends BaseAgent {};",
        "}",
        "export class Outer extends BaseAgent {}",
      ].join("\n"),
    });
    expect(index.agents.map(({ name, lineno }) => `${name}:${lineno}`)).toEqual(["BaseAgent:1", "Outer:6"]);
    expect(index.rejected.map(({ name, lineno }) => `${name}:${lineno}`)).toEqual(["BaseAgent:3", "Inner:4"]);
  });
});

describe("a constructor function is a class", () => {
  const of = (...lines: string[]): Promise<IndexSnapshot> => indexFiles({ "a.js": lines.join("\n") });

  it("with its place, parameters, methods and comments", async () => {
    const index = await of(
      "/**",
      " * Looks things up.",
      " * @param {object} options where",
      " */",
      "function SearchAgent(options) {",
      "  this.tools = [];",
      "}",
      "",
      "/** Takes a query. */",
      "SearchAgent.prototype.execute = async function (query) { return query; };",
      "SearchAgent.prototype.plan = SearchAgent.prototype.replan = (goal) => goal;",
      "SearchAgent.prototype.limit = 3;",
      "module.exports = { SearchAgent };",
    );
    expect(named(index, "SearchAgent")).toMatchObject({
      kind: "class",
      lineno: 5,
      end_line: 12,
      exported: "SearchAgent",
      docstring: "Looks things up.",
      bases: [],
      constructor_params: [{ name: "options", type: "object", optional: false }],
    });
    expect(
      named(index, "SearchAgent").methods.map(({ name, lineno, docstring, async, params }) => [
        name,
        lineno,
        docstring,
        async,
        params.map((param) => param.name),
      ]),
    ).toEqual([
      ["execute", 10, "Takes a query.", true, ["query"]],
      ["plan", 11, null, false, ["goal"]],
      ["replan", 11, null, false, ["goal"]],
    ]);
  });

  it.each([
    ["an object", "function AAgent() {}\nAAgent.prototype = { run: function (task) {}, stop() {} };"],
    [
      "Object.assign",
      "function AAgent() {}\nObject.assign(AAgent.prototype, { run(task) {} }, { stop() {} });",
    ],
    [
      "a variable",
      "var AAgent = function () {}, proto = AAgent.prototype;\nproto.run = function (task) {};\nproto.stop = function () {};",
    ],
    ["this", "function AAgent() {\n  this.run = function (task) {};\n  this.stop = () => {};\n}"],
    [
      "functions by name",
      "function AAgent() {}\nAAgent.prototype.run = run;\nAAgent.prototype.stop = stop;\nfunction run(task) {}\nfunction stop() {}",
    ],
    [
      "module.exports",
      "module.exports = function AAgent() {};\nmodule.exports.prototype.run = function (task) {};\nmodule.exports.prototype.stop = function () {};",
    ],
    [
      "exports",
      "exports.AAgent = function () {};\nexports.AAgent.prototype.run = function (task) {};\nexports.AAgent.prototype.stop = function () {};",
    ],
    [
      "a name within an object",
      "var App = {};\nApp.AAgent = function () {};\nApp.AAgent.prototype.run = function (task) {};\nApp.AAgent.prototype.stop = function () {};",
    ],
    [
      "a function around",
      "var AAgent = (function () {\n  function AAgent() {}\n  AAgent.prototype.run = function (task) {};\n  AAgent.prototype.stop = function () {};\n  return AAgent;\n})();",
    ],
    ["a class that is added to", "class AAgent { run(task) {} }\nAAgent.prototype.stop = function () {};"],
  ])("with methods given by %s", async (_, text) => {
    const record = named(await indexFiles({ "a.js": text }), "AAgent");
    expect(record.methods.map(({ name }) => name)).toEqual(["run", "stop"]);
    expect(record.role).toBe("agent");
  });

  it("and ends before the next one begins", async () => {
    const index = await of(
      "function AAgent() {}",
      "AAgent.prototype.run = function (task) {};",
      "function BAgent() {}",
      "BAgent.prototype.run = function (task) {};",
      "AAgent.prototype.stop = function () {};",
    );
    expect(index.agents.map(({ name, lineno, end_line }) => [name, lineno, end_line])).toEqual([
      ["AAgent", 1, 2],
      ["BAgent", 3, 4],
    ]);
  });

  it("of which nothing else is made: functions, arrows and components stay what they are", async () => {
    const index = await indexFiles({
      "a.jsx": [
        "export function AgentList(props) { return <ul>{props.children}</ul>; }",
        "export const createAgent = (name) => ({ name });",
        "export function useAgent() { this.run = 1; }",
        "Array.prototype.slice.call([]);",
        "String.prototype.agent = function () {};",
      ].join("\n"),
    });
    expect([...index.agents, ...index.rejected]).toEqual([]);
  });

  it("is judged by what it inherits from", async () => {
    const index = await of(
      'var util = require("util");',
      "function AgentError(message) { Error.call(this, message); }",
      "util.inherits(AgentError, Error);",
      'var EventEmitter = require("events");',
      "function LoudAgent() { EventEmitter.call(this); }",
      "util.inherits(LoudAgent, EventEmitter);",
      "LoudAgent.prototype.run = function (task) {};",
    );
    expect(index.agents.map((record) => [record.name, chainOf(record)])).toEqual([
      ["LoudAgent", "EventEmitter [events]"],
    ]);
    expect(named(index, "AgentError").evidence[0]).toBe("not an agent: extends Error");
  });

  it("also in circles", async () => {
    const index = await of(
      'var inherits = require("inherits");',
      "function AAgent() {}",
      "function BAgent() {}",
      "inherits(AAgent, BAgent);",
      "inherits(BAgent, AAgent);",
      "AAgent.prototype = Object.create(AAgent.prototype);",
    );
    expect(chainOf(named(index, "AAgent"))).toBe("BAgent (a.js)");
  });
});
