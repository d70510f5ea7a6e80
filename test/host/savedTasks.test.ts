import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readSavedTasks, removeSavedTask, saveTask } from "../../src/runs/savedTasks.ts";
import { commandLine } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);
const file = () => join(workspace.root, ".proj-intel/tasks.json");
const agent = "a.mjs#Greeter";

beforeEach(() =>
  workspace.write(
    "a.mjs",
    "export class Greeter { constructor(word) { this.word = word; } run(task) { return `${this.word} ${task.name}`; } }",
  ),
);

describe("Saved tasks", () => {
  it("are kept in a file that people can read, the newest last, and replaced by name", async () => {
    saveTask(workspace.root, { name: "Ada", agent, task: { name: "Ada" } });
    saveTask(workspace.root, { name: "Bo", agent, task: { name: "Bo" }, args: ["Hi"] });
    saveTask(workspace.root, { name: "Ada", agent, task: { name: "Ada Lovelace" } });
    expect(JSON.parse(await readFile(file(), "utf8"))).toEqual({
      tasks: [
        { name: "Ada", agent, task: { name: "Ada Lovelace" } },
        { name: "Bo", agent, task: { name: "Bo" }, args: ["Hi"] },
      ],
    });
    expect(await readFile(file(), "utf8")).toContain('\n    {\n      "name": "Ada",');
    removeSavedTask(workspace.root, { name: "Ada", agent });
    expect(readSavedTasks(workspace.root).map(({ name }) => name)).toEqual(["Bo"]);
  });

  it("hold no secrets, because they are checked in", () => {
    expect(() =>
      saveTask(workspace.root, { name: "a", agent, task: { password: "hunter2-hunter2" } }),
    ).toThrow(/^The task was not saved, because it holds what looks like a secret/);
    expect(readSavedTasks(workspace.root)).toEqual([]);
  });

  it.each([
    ["{", /tasks\.json is not JSON/],
    ['{"tasks": [{"name": "a"}]}', /tasks\.json does not fit at tasks\.0\.agent/],
    ['{"tasks": [{"name": " ", "agent": "a.mjs#A", "task": 1}]}', /does not fit at tasks\.0\.name/],
    ['{"tasks": [{"name": "a", "agent": "a.mjs", "task": 1}]}', /"a\.mjs" does not name an agent class/],
  ])("of a file like %s are refused with a sentence, and the file stays", async (text, sentence) => {
    await mkdir(join(workspace.root, ".proj-intel"));
    await writeFile(file(), text);
    expect(() => readSavedTasks(workspace.root)).toThrow(sentence);
    expect(() => saveTask(workspace.root, { name: "b", agent, task: 1 })).toThrow(sentence);
    expect(await readFile(file(), "utf8")).toBe(text);
  });

  it("are not read through a link", async () => {
    await mkdir(join(workspace.root, ".proj-intel"));
    await workspace.write("elsewhere.json", '{"tasks": []}');
    await symlink(join(workspace.root, "elsewhere.json"), file());
    expect(() => readSavedTasks(workspace.root)).toThrow(/tasks\.json cannot be read: it is a link\./);
  });

  it("are run by name on the command line", async () => {
    saveTask(workspace.root, { name: "Ada", agent, task: { name: "Ada" }, args: ["Hi"] });
    const run = (...args: string[]) => cli("run", agent, ...args);
    expect(JSON.parse((await run("--saved", "Ada")).out)).toEqual({ output: "Hi Ada" });
    expect(JSON.parse((await run("--saved", "Ada", "--args", '["Bye"]')).out)).toEqual({ output: "Bye Ada" });
    expect(await run("--saved", "Bo")).toMatchObject({
      code: 2,
      err: '.proj-intel/tasks.json has no task "Bo" of a.mjs#Greeter, but "Ada".\n',
    });
    expect(await run()).toMatchObject({
      code: 2,
      err: "Give the agent one task: either --task JSON or --saved NAME.\n",
    });
  });
});
