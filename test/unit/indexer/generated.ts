import fc from "fast-check";

/** Parts of small projects in which names, folders and heritage meet in many ways. */
export const files = ["a.ts", "b.js", "src/c.ts", "src/index.ts", "src/deep/d.tsx", "lib/e.mjs", "tmp/f.ts"];
export const specifiers = [
  "./a",
  "./b.js",
  "../a",
  "./src",
  "./c",
  "./deep/d",
  "../src/index",
  "@lib/e",
  "agents",
];

/** A few statements, most of them about who extends whom under which name. */
export function textsOf(
  names: readonly string[],
  specifiers: readonly string[],
  further: readonly fc.Arbitrary<string>[] = [],
): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  const specifier = fc.constantFrom(...specifiers);
  const statement = fc.oneof(
    fc.tuple(name, name).map(([a, b]) => `export class ${a} extends ${b} { execute(task) {} }`),
    name.map((a) => `export class ${a} { run(task) {} }`),
    name.map((a) => `class ${a} extends Error {}`),
    fc.tuple(name, name).map(([a, b]) => `export const ${a} = Mixin(${b});`),
    name.map((a) => `export default class extends ${a} {}`),
    fc.tuple(name, specifier).map(([a, from]) => `import { ${a} } from "${from}";`),
    fc.tuple(name, name, specifier).map(([a, b, from]) => `import { ${a} as ${b} } from "${from}";`),
    fc.tuple(name, specifier).map(([a, from]) => `import ${a} from "${from}";`),
    fc.tuple(name, specifier).map(([a, from]) => `const { ${a} } = require("${from}");`),
    specifier.map((from) => `export * from "${from}";`),
    fc.tuple(name, name, specifier).map(([a, b, from]) => `export { ${a} as ${b} } from "${from}";`),
    fc.tuple(name, specifier).map(([a, from]) => `export { default as ${a} } from "${from}";`),
    name.map((a) => `module.exports = { ${a} };`),
    fc.constant("function Mixin(B) { return class Mixin extends B {}; }"),
    fc.tuple(name, name).map(([a, b]) => `export const ${a} = class\n  extends ${b}\n{};`),
    fc.tuple(name, name).map(([a, b]) => `const ${a} = ${b}\nexport { ${a} }`),
    fc
      .tuple(name, name, specifier)
      .map(([a, b, from]) => `import {\n  // it's "the" base; class\n  ${a} as ${b},\n} from '${from}'`),
    fc.tuple(name, name, specifier).map(([a, b, from]) => `import ${a}, { ${b} } from "${from}";`),
    fc
      .tuple(name, specifier)
      .map(([a, from]) => `import * as core from "${from}";\nexport class ${a} extends core.${a}X {}`),
    fc.tuple(name, name, specifier).map(([a, b, from]) => `const { ${a}: ${b} } = require("${from}");`),
    fc.tuple(name, name, specifier).map(([a, b, from]) => `const ${a} = require("${from}").${b};`),
    fc.tuple(name, specifier).map(([a, from]) => `const ${a} = require("${from}")`),
    fc.tuple(name, name).map(([a, b]) => `exports.${a} = ${b};`),
    name.map((a) => `module.exports = ${a}`),
    name.map((a) => `export default ${a}`),
    fc
      .tuple(name, name)
      .map(
        ([a, b]) =>
          `export class ${a}<T extends { x: () => void }> /* { */ extends Mixin<T>(${b}) implements Other {}`,
      ),
    fc.tuple(name, name).map(([a, b]) => `function ${a}() {}\nutil.inherits(${a}, ${b});`),
    name.map((a) => `function ${a}() {}\n${a}.prototype.run = function (task) {};`),
    name.map((a) => `export var ${a} = function () { this.run = (task) => task; };`),
    fc
      .tuple(name, name)
      .map(([a, b]) => `exports.${a} = function () {};\nexports.${a}.prototype = new ${b}();`),
    fc
      .tuple(name, name)
      .map(
        ([a, b]) =>
          `var ${a} = module.exports = function () {};\n${a}.prototype = Object.create(${b}.prototype);`,
      ),
    fc.tuple(name, name).map(([a, b]) => `Object.setPrototypeOf(${a}.prototype, ${b}.prototype);`),
    fc.tuple(name, specifier).map(([a, from]) => `function ${a}() {}\ninherits(${a}, require("${from}"));`),
    fc.tuple(name, specifier).map(([a, from]) => `exports.${a} = class extends require("${from}").${a} {};`),
    fc.constant("class {"),
    ...further,
  );
  return fc.array(statement, { maxLength: 5 }).map((lines) => lines.join("\n"));
}

/** A package that is installed, with typings. */
export const installed = {
  "node_modules/kit/package.json": '{ "name": "kit", "types": "./index.d.ts" }',
  "node_modules/kit/index.d.ts":
    "declare class Root { execute(task: string): void }\nexport declare class KitAgent extends Root { stop(): void }\nexport declare class Other {}\n",
};

/** Statements about agents that are no classes, and about bases from packages. */
export function makings(
  names: readonly string[],
  specifiers: readonly string[],
): readonly fc.Arbitrary<string>[] {
  const name = fc.constantFrom(...names);
  const specifier = fc.constantFrom(...specifiers);
  const made = fc.constantFrom("helper", "planner", "makeOne");
  return [
    fc.constant('import { Agent } from "@openai/agents";\nexport const helper = new Agent({ name: "x" });'),
    fc.constant('import { createAgent } from "langchain";\nconst planner = createAgent({ tools: [] });'),
    fc.tuple(made, name).map(([a, b]) => `export const ${a} = new ${b}();`),
    fc.tuple(made, name, specifier).map(([a, b, from]) => `import { ${a}, ${b} } from "${from}";`),
    name.map((a) => `export function makeOne(task) { return new ${a}(task); }`),
    fc.constant("export const planner = makeOne();"),
    fc.tuple(made, name).map(([a, b]) => `export default { ${a}: new ${b}() };`),
    fc
      .tuple(name, fc.constantFrom("KitAgent", "Other"))
      .map(([a, base]) => `import { ${base} } from "kit";\nexport class ${a} extends ${base} {}`),
    name.map((a) => `import * as mastra from "@mastra/core";\nexport class ${a} extends mastra.Agent {}`),
  ];
}

/** As it stands in a file of that name: components hold their code in `<script>`. */
export const fileText = (path: string, text: string): string =>
  path.endsWith(".vue") ? `<template><p /></template>\n<script lang="ts">\n${text}\n</script>\n` : text;

/** A few statements about what agents are made with, by whom they are used, and what a person says of them. */
export function usesOf(names: readonly string[], specifiers: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  const specifier = fc.constantFrom(...specifiers);
  const maker = fc.constantFrom("makeOne", "makeTwo", "makeThree");
  const statement = fc.oneof(
    fc.constant('import { Agent, createAgent } from "@openai/agents";'),
    fc.constant('export const billing = new Agent({ name: "Billing", handoffs: [refunds], tools: [] });'),
    fc.constant('export const refunds = createAgent({ name: "Refunds" });'),
    fc.tuple(maker, specifier).map(([make, from]) => `import { ${make} } from "${from}";`),
    fc.tuple(maker, maker, specifier).map(([a, b, from]) => `export { ${a} as ${b} } from "${from}";`),
    fc.tuple(maker, specifier).map(([make, from]) => `import ${make} from "${from}";`),
    fc.tuple(maker, name).map(([make, made]) => `export function ${make}() { return new ${made}(); }`),
    fc.tuple(maker, maker).map(([make, other]) => `export const ${make} = () => ${other}();`),
    fc.tuple(maker, maker).map(([make, other]) => `export default function ${make}() { return ${other}(); }`),
    maker.map((make) => `export const worker = ${make}();`),
    maker.map((make) => `const team = new Agent({ name: "Team", agents: [${make}(), billing] });`),
    name.map((made) => `export const instance = new ${made}();`),
    fc
      .tuple(name, name)
      .map(([a, b]) => `export class ${a} { execute(task) { return new ${b}().execute(task); } }`),
    fc
      .tuple(name, name)
      .map(([a, b]) => `export class ${a} { agents: ${b}[] = [];\n register() { this.add(new ${b}()); } }`),
    fc
      .tuple(name, name)
      .map(([a, b]) => `class ${a} extends UniversalAgentAdapter { constructor() { super(new ${b}()); } }`),
    fc.tuple(name, name).map(([a, b]) => `/** @agent */\nexport class ${a} extends ${b} {}`),
    fc.tuple(name, name).map(([a, b]) => `/** @notAgent */\nexport class ${a} extends ${b} {}`),
    fc.tuple(name, name).map(([a, b]) => `export class ${a} extends ${b} {}`),
    name.map((a) => `export class ${a} { getState() {} }`),
    fc.tuple(name, specifier).map(([a, from]) => `import { ${a} } from "${from}";`),
    specifier.map((from) => `export * from "${from}";`),
    fc.constant("\n"),
    fc.constant("class {"),
  );
  return fc.array(statement, { maxLength: 7 }).map((lines) => lines.join("\n"));
}
