import { expect, test } from "vitest";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

const helper = `
  class Helper {
    constructor(name) { this.name = name; }
    async generate(input) { return this.name + ": " + input; }
  }`;

test.each([
  ["an exported constant", `${helper} export const helper = new Helper("Ada");`, "helper", "Ada: tea"],
  ["a default export", `${helper} export default new Helper("Ada");`, "default", "Ada: tea"],
  [
    "a constant that is the default export",
    `${helper} const ada = new Helper("Ada");\nexport default ada;`,
    "ada",
    "Ada: tea",
  ],
  [
    "a constant under another name",
    `${helper} const ada = new Helper("Ada"); export { ada as first };`,
    "ada",
    "Ada: tea",
  ],
  [
    "a member of an exported object",
    `${helper} export const all = { ada: new Helper("Ada") };`,
    "ada",
    "Ada: tea",
  ],
  [
    "a promise of an agent",
    `${helper} export const ada = Promise.resolve(new Helper("Ada"));`,
    "ada",
    "Ada: tea",
  ],
])("runs an instance: %s", async (_what, text, name, output) => {
  const run = await workspace.run("a.mjs", text, name, { task: "tea" });
  expect(run.end).toMatchObject({ status: "success", output: { output } });
});

test.each([
  ["a function", `${helper} export function createHelper(name) { return new Helper(name); }`],
  ["an arrow function", `${helper} export const createHelper = (name) => new Helper(name);`],
  [
    "an asynchronous function",
    `${helper} export async function createHelper(name) { return new Helper(name); }`,
  ],
])("runs what a factory makes of the arguments: %s", async (_what, text) => {
  const run = await workspace.run("a.mjs", text, "createHelper", { task: "tea", args: ["Bo"] });
  expect(run.end).toMatchObject({ status: "success", output: { output: "Bo: tea" }, warnings: [] });
});

test("says which arguments a factory lacks", async () => {
  const text = `export const create = async ({ llm }, retries) => ({ run: () => llm.ask() });
    export const make = (llm) => { if (!llm) throw new Error("no llm"); return { run: () => 1 }; };`;
  const run = await workspace.run("a.mjs", text, "make");
  expect(run.end.error).toEqual({
    name: "UserError",
    message:
      "make cannot be made without arguments (llm): give them as a JSON array (--args on the command line). The function said: no llm",
  });
});

test.each([
  [
    "arguments for an instance",
    `export const a = { run: () => 1 };`,
    "a",
    [1],
    "a is made already and takes no arguments: leave them out.",
  ],
  ["a factory that makes nothing", `export const a = () => 5;`, "a", [], "a made number, which is no agent."],
  [
    "a constant that is not exported",
    `const a = { run: () => 1 };\nexport const b = 1;`,
    "a",
    [],
    'a cannot be run, because a.mjs does not export it (write "export const a"); it exports b.',
  ],
  [
    "a function that is not exported",
    `async function a() {}\nexport const b = 1;`,
    "a",
    [],
    'a cannot be run, because a.mjs does not export it (write "export async function a"); it exports b.',
  ],
])("refuses in one sentence: %s", async (_what, text, name, args, message) => {
  const run = await workspace.run("a.mjs", text, name, { args });
  expect(run.end.error).toMatchObject({ name: "UserError", message });
});

test.each([
  [
    "@openai/agents",
    "class Agent { handoffs = []; getSystemPrompt() {} asTool() {} processFinalOutput() {} }",
    'a is an agent of @openai/agents, which its function "run" runs: export a class with a method such as "execute(task) { return run(a, task); }" and run that.',
  ],
  [
    "@google/adk",
    "class Agent { subAgents = []; rootAgent = this; async *runAsync() {} async *runLive() {} }",
    'a is an agent of @google/adk, which a runner runs: export a class with a method such as "execute(task)" that calls "new InMemoryRunner({ agent: a }).runAsync(…)" and run that.',
  ],
  [
    "@livekit/agents",
    "class Agent { onEnter() {} onExit() {} llmNode() {} ttsNode() {} }",
    'a is an agent of @livekit/agents, which a voice session runs: start one with "session.start({ agent: a, room })" in a LiveKit worker.',
  ],
])("says how an agent is run that its framework runs: %s", async (_framework, text, message) => {
  const run = await workspace.run("a.mjs", `${text} export const a = new Agent();`, "a");
  expect(run.end.error).toMatchObject({ name: "UserError", message });
});

test("calls such an agent all the same where the mapping says how", async () => {
  await workspace.write(
    ".proj-intel/adapters.json",
    JSON.stringify({ version: 1, classes: { Agent: { method: "answer", arguments: ["task"] } } }),
  );
  const run = await workspace.run(
    "a.mjs",
    `class Agent { handoffs = []; getSystemPrompt() {} asTool() {} answer(task) { return "got " + task; } }
     export const a = new Agent();`,
    "a",
    { task: "tea" },
  );
  expect(run.output).toEqual({ output: "got tea" });
});
