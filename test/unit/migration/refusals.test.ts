import { beforeAll, describe, expect, test } from "vitest";
import { buildCore, Project } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(buildCore, 60_000);

const manifest = { "package.json": `{ "name": "shop" }` };

const refused: [what: string, file: string, text: string, name: string, reason: string][] = [
  [
    "an abstract class",
    "src/base.ts",
    "export abstract class Base {}\n",
    "Base",
    "Base is abstract and cannot be constructed: migrate the classes that extend it.",
  ],
  [
    "a private constructor",
    "src/single.ts",
    "export class SingleAgent {\n  private constructor() {}\n}\n",
    "SingleAgent",
    "SingleAgent has a private constructor, so an adapter cannot construct it.",
  ],
  [
    "a protected constructor",
    "src/guarded.ts",
    "export class GuardedAgent {\n  protected constructor(readonly n: number) {}\n}\n",
    "GuardedAgent",
    "GuardedAgent has a protected constructor, so an adapter cannot construct it.",
  ],
  [
    "a constructor that JSDoc declares private",
    "src/single.mjs",
    "export class SingleAgent {\n  /** @private */\n  constructor() {}\n}\n",
    "SingleAgent",
    "SingleAgent has a private constructor, so an adapter cannot construct it.",
  ],
  [
    "a class inside a function",
    "src/factory.ts",
    "export function make() {\n  class LocalAgent {}\n  return new LocalAgent();\n}\n",
    "LocalAgent",
    "LocalAgent is declared inside a function or block, where no other code can reach an adapter: move it to the top level of its file.",
  ],
  [
    "a class inside a namespace",
    "src/space.ts",
    "export namespace Agents {\n  export class SpaceAgent {}\n}\n",
    "SpaceAgent",
    "SpaceAgent is declared inside a function or block, where no other code can reach an adapter: move it to the top level of its file.",
  ],
  [
    "a class expression inside a call",
    "src/mixin.ts",
    "const traced = <T>(type: T): T => type;\nexport const MixedAgent = traced(class { run() {} });\n",
    "MixedAgent",
    'MixedAgent is a class expression that is not the whole value of a top-level constant: write "class MixedAgent { … }".',
  ],
  [
    "module.exports = class",
    "src/value.cjs",
    "module.exports = class ValueAgent { run() {} };\n",
    "ValueAgent",
    'ValueAgent is a class expression that is not the whole value of a top-level constant: write "class ValueAgent { … }".',
  ],
  [
    "a constructor function",
    "src/old.cjs",
    "exports.OldAgent = function () {};\nexports.OldAgent.prototype.run = function () {};\n",
    "OldAgent",
    'OldAgent is a function with a prototype: write it as a class first ("class OldAgent { … }").',
  ],
  [
    "a component",
    "src/Panel.vue",
    "<script>\nexport class PanelAgent { run() {} }\n</script>\n",
    "PanelAgent",
    "src/Panel.vue is a component, where an adapter has no place: move the class to a file of its own.",
  ],
  [
    "an anonymous default export",
    "src/anonymous.ts",
    "export default class {\n  run() {}\n}\n",
    "default",
    "The default export of src/anonymous.ts has no name that an adapter could refer to: name the class.",
  ],
  [
    "a file without a default export",
    "src/none.ts",
    "export class SomeAgent {}\n",
    "default",
    "src/none.ts holds no class called default (was it moved or renamed?).",
  ],
  [
    "a class that is not there",
    "src/moved.ts",
    "export const MovedAgent = 1;\n",
    "MovedAgent",
    "src/moved.ts holds no class called MovedAgent (was it moved or renamed?).",
  ],
  [
    "a class that is only declared",
    "src/ambient.ts",
    "export declare class AmbientAgent {\n  run(): void;\n}\n",
    "AmbientAgent",
    'AmbientAgent is only declared here ("declare"): migrate the class where it is implemented.',
  ],
  [
    "two classes of one name",
    "src/twice.js",
    "export class TwiceAgent {}\nconst TwiceAgent = class {};\n",
    "TwiceAgent",
    "src/twice.js declares TwiceAgent more than once: give each class its own name.",
  ],
  [
    "declarations only",
    "src/types.d.ts",
    "export class TypeAgent {}\n",
    "TypeAgent",
    "src/types.d.ts holds only declarations: migrate the class where it is implemented.",
  ],
  [
    "built output",
    "dist/agent.js",
    "export class BuiltAgent {}\n",
    "BuiltAgent",
    "dist/agent.js is built output: migrate the source it is made from.",
  ],
  [
    "an installed package",
    "node_modules/lib/agent.js",
    "export class LibAgent {}\n",
    "LibAgent",
    "node_modules/lib/agent.js belongs to an installed package.",
  ],
  [
    "another language",
    "src/agent.py",
    "class PyAgent:\n  pass\n",
    "PyAgent",
    "src/agent.py is neither TypeScript nor JavaScript.",
  ],
  [
    "a syntax error",
    "src/broken.ts",
    "export class BrokenAgent {\n  run( {\n}\n",
    "BrokenAgent",
    "src/broken.ts has a syntax error in line 4 (')' expected): correct it first.",
  ],
  [
    "types in JavaScript",
    "src/typed.js",
    "export class TypedAgent {\n  run(n: number) {}\n}\n",
    "TypedAgent",
    "src/typed.js has a syntax error in line 2 (Type annotations can only be used in TypeScript files): correct it first.",
  ],
  [
    "a script",
    "src/page.ts",
    "class PageAgent {}\n",
    "PageAgent",
    "src/page.ts is a script, neither importing nor exporting anything, and an import would turn it into a module: export the class first.",
  ],
  [
    "export =",
    "src/equals.ts",
    "class EqualsAgent {}\nexport = EqualsAgent;\n",
    "EqualsAgent",
    'EqualsAgent is exported with "export =", which leaves no room for an adapter beside it: use "export class EqualsAgent" or "export default".',
  ],
  [
    "a module that exports one instance",
    "src/instance.cjs",
    "class InstanceAgent {}\nmodule.exports = new InstanceAgent();\n",
    "InstanceAgent",
    'InstanceAgent stands in a module whose "module.exports" is a value that may take no further name for the adapter: write "module.exports = { InstanceAgent }".',
  ],
  [
    "module.exports in TypeScript",
    "src/mixed.ts",
    'import fs from "node:fs";\nclass MixedAgent {}\nmodule.exports = { MixedAgent, fs };\n',
    "MixedAgent",
    'src/mixed.ts is TypeScript but exports with module.exports: use "export" so that an import can be added.',
  ],
  [
    "an adapter",
    "src/adapter.ts",
    'import { UniversalAgentAdapter as U } from "opsvi-agents/core";\nclass A {}\nexport class X extends U<A> {\n  constructor() {\n    super(new A(), { agentType: "a" });\n  }\n}\n',
    "X",
    "X is itself an adapter.",
  ],
  [
    "a BaseAgent",
    "src/own.cjs",
    'const { BaseAgent } = require("opsvi-agents");\nclass OwnAgent extends BaseAgent {}\nmodule.exports = { OwnAgent };\n',
    "OwnAgent",
    "OwnAgent is a BaseAgent already.",
  ],
  [
    "a class whose adapter was written by hand",
    "src/hand.ts",
    'import { UniversalAgentAdapter } from "opsvi-agents";\nexport class HandAgent {}\nexport class Mine extends UniversalAgentAdapter<HandAgent> {\n  constructor() {\n    super(new HandAgent(), { agentType: "hand" });\n  }\n}\n',
    "HandAgent",
    "HandAgent is migrated already: Mine wraps it.",
  ],
];

describe("is refused with one sentence", () => {
  test.each(refused)("%s", async (_what, file, text, name, reason) => {
    using project = new Project({ ...manifest, [file]: text });
    expect(await project.reason(file, name)).toBe(reason);
    expect(reason).toMatch(/[^.]\.$/);
  });

  test("a file that is not there", async () => {
    using project = new Project(manifest);
    expect(await project.reason("src/gone.ts", "GoneAgent")).toBe(
      "src/gone.ts does not exist or cannot be read.",
    );
  });

  test("a file outside the workspace folder", async () => {
    using project = new Project(manifest);
    expect(await project.reason("../other.ts", "OtherAgent")).toBe(
      "../other.ts lies outside the workspace folder.",
    );
  });

  test("a project compiled to ES5", async () => {
    using project = new Project({
      ...manifest,
      "tsconfig.json": `{ "compilerOptions": { "target": "es5" } }`,
      "src/old.ts": "export class OldAgent {}\n",
    });
    expect(await project.reason("src/old.ts", "OldAgent")).toBe(
      'tsconfig.json compiles to ES5, whose classes cannot extend the runtime\'s: raise "target" to ES2015 or later.',
    );
  });

  test("a project compiled to AMD", async () => {
    using project = new Project({
      ...manifest,
      "tsconfig.json": `{ "compilerOptions": { "target": "es2020", "module": "amd" } }`,
      "src/old.ts": "export class OldAgent {}\n",
    });
    expect(await project.reason("src/old.ts", "OldAgent")).toBe(
      "tsconfig.json compiles to amd modules, which cannot load the runtime: use CommonJS or ES modules.",
    );
  });

  test("a class that an adapter in another file wraps", async () => {
    using project = new Project({ ...manifest, "src/far.ts": "export class FarAgent {}\n" });
    const record = { ...recordOf("FarAgent", "src/far.ts"), migrated: true };
    expect(await project.reason("src/far.ts", "FarAgent", record)).toBe(
      "FarAgent is migrated already: a class in another file wraps it.",
    );
  });

  test("a constructor that a base class in another file hides", async () => {
    using project = new Project({
      ...manifest,
      "src/base.ts": "export class Base {\n  protected constructor() {}\n}\n",
      "src/middle.ts": 'import { Base } from "./base";\nexport class Middle extends Base {}\n',
      "src/leaf.ts": 'import { Middle } from "./middle";\nexport class LeafAgent extends Middle {}\n',
    });
    const link = (name: string, file_path: string) => ({ name, file_path, module: null });
    const record = recordOf("LeafAgent", "src/leaf.ts", [
      link("Middle", "src/middle.ts"),
      link("Base", "src/base.ts"),
    ]);
    expect(await project.reason("src/leaf.ts", "LeafAgent", record)).toBe(
      "LeafAgent inherits a protected constructor from Base, so an adapter cannot construct it.",
    );
  });
});
