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
    "a class expression without a name",
    "src/made.ts",
    "export const make = () => new (class {\n  run() {}\n})();\n",
    "",
    "A class in src/made.ts is used where it stands and has no name: give it one at the top level of the file.",
  ],
  [
    "a class inside a function",
    "src/factory.ts",
    "export function make() {\n  class LocalAgent {}\n  return new LocalAgent();\n}\n",
    "LocalAgent",
    "LocalAgent is declared inside a function or block, where no other code can reach an adapter: move it to the top level of its file.",
  ],
  [
    "a class that its namespace keeps",
    "src/space.ts",
    "export namespace Agents {\n  class SpaceAgent {}\n}\n",
    "SpaceAgent",
    "SpaceAgent stands in a namespace that does not export it, so an adapter cannot reach it: export it there.",
  ],
  [
    "a class expression inside a call of another module's function",
    "src/mixin.ts",
    'import { traced } from "./traced";\nexport const MixedAgent = traced(class { run() {} });\n',
    "MixedAgent",
    'MixedAgent is a class expression within other code, which may make something else of it: write "class MixedAgent { … }".',
  ],
  [
    "a class expression inside a call of a function that gives something else",
    "src/maker.ts",
    "const make = <T>(type: new () => T): T => new type();\nexport const MadeAgent = make(class { run() {} });\n",
    "MadeAgent",
    'MadeAgent is a class expression within other code, which may make something else of it: write "class MadeAgent { … }".',
  ],
  [
    "a variable that is assigned again",
    "src/again.ts",
    "export let AgainAgent = class { run() {} };\nAgainAgent = class { run() {} };\n",
    "AgainAgent",
    'AgainAgent is a variable that is assigned again, so an adapter could construct something else: write "const AgainAgent = …".',
  ],
  [
    "a constant whose annotation hides how it is constructed",
    "src/hiddenType.ts",
    "export const PlainAgent: object = class { run() {} };\n",
    "PlainAgent",
    "PlainAgent is annotated as object, which does not tell how it is constructed: leave the annotation out.",
  ],
  [
    "module.exports = what a call gives",
    "src/value.cjs",
    "module.exports = wrap(class ValueAgent { run() {} });\n",
    "ValueAgent",
    'ValueAgent is a class expression within other code, which may make something else of it: write "class ValueAgent { … }".',
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
    "a default export without a name, whose type parameter no other file can write",
    "src/anonymous.ts",
    "interface Kept {\n  id: string;\n}\nexport default class<T extends Kept> {\n  run(task: T) {\n    return task;\n  }\n}\n",
    "default",
    "The type parameters of the class speak of types that its file does not export, so an adapter in another file cannot name them: export these types.",
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
    "export = an object",
    "src/equals.ts",
    "class EqualsAgent {}\nexport = { EqualsAgent };\n",
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

  test("export = in modules that are written as they are loaded", async () => {
    using project = new Project({
      ...manifest,
      "tsconfig.json": `{ "compilerOptions": { "module": "commonjs", "target": "es2020", "verbatimModuleSyntax": true } }`,
      "src/equals.ts": "class EqualsAgent {\n  run() {}\n}\nexport = EqualsAgent;\n",
    });
    expect(await project.reason("src/equals.ts", "EqualsAgent")).toBe(
      'tsconfig.json sets "verbatimModuleSyntax" for CommonJS modules, where an adapter cannot be exported with its type: turn it off first.',
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
