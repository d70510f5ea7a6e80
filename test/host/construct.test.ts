import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { constructorParameters, missingArguments } from "../../src/agentHost/construct.ts";
import type { AgentClass } from "../../src/agentHost/findAgent.ts";

const agentClass = (source: string): AgentClass => runInThisContext(`(${source})`) as AgentClass;

const RICH = `class {
  constructor(
    llm, // the model, not (a) parameter
    { retries, deep: [a, b] }, /* , */
    options = { x: [1, 2], f: (y) => y },
    ...rest
  ) {}
}`;

const derived = (body: string): string =>
  `(() => { const Rich = ${RICH}; return class extends Rich { ${body} }; })()`;

test.each([
  ["destructuring, defaults, rest and comments", RICH, ["llm", "{ retries, deep: [a, b] }"]],
  ["an inherited constructor", derived("run() {}"), ["llm", "{ retries, deep: [a, b] }"]],
  ["its own constructor before the inherited one", derived("constructor() { super(); }"), []],
  ["no constructor", "class { run(task) {} }", []],
  ["an ES5 constructor", "function Agent(name) {}", ["name"]],
])("reads constructor parameters: %s", (_title, source, names) => {
  expect(constructorParameters(agentClass(source))).toEqual(names);
});

test("says what is missing, and nothing where enough is given", () => {
  const one = agentClass("class { constructor(name) {} }");
  const two = agentClass("class { constructor(llm, tools, retries = 3) {} }");
  expect(missingArguments(one, [])).toBe("without arguments (name)");
  expect(missingArguments(one, ["Ada"])).toBeNull();
  expect(missingArguments(two, [{}])).toBe("with 1 of 2 arguments (llm, tools)");
});
