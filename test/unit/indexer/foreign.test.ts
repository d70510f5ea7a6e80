import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import { indexFiles, never, project } from "./project.ts";

const FILE = ".proj-intel/agent_architecture.jsonl";

const line = (name: string, file_path: string, more: object = {}): string =>
  JSON.stringify({
    type: "collector_item",
    item_type: "agent_class",
    file_path,
    name,
    data: { name, file_path, lineno: 3, bases: [], methods: [{ name: "execute" }], ...more },
  }) + "\n";

it("are known from an existing index, impostors, bad lines and what is indexed here left out", async () => {
  const index = await indexFiles({
    [FILE]: [
      line("ResearchAgent", "agents/research.py", { bases: ["BaseAgent"], docstring: "Looks things up." }),
      line("ResearchAgent", "agents/research.py"),
      line("Planner", "agents/planner.py", { bases: ["agents.BaseAgent[Task]"] }),
      line("WriterAgent", "src/writer.go"),
      line("AgentConfig", "agents/config.py"),
      line("AgentError", "agents/errors.py", { bases: ["Exception"] }),
      line("AgentTask", "agents/task.py", { methods: [] }),
      line("TestResearchAgent", "tests/test_research.py", { methods: [{ name: "test_run" }] }),
      line("Helper", "agents/helper.py"),
      line("OldAgent", "src/old.ts"),
      "not JSON\n",
      "\n",
      '{"item_type": "agent_class", "data": {}}\n',
      '{"item_type": 5}\n',
      "[1, 2]\n",
    ].join(""),
  });
  expect(index.foreign).toEqual([
    {
      name: "Planner",
      file_path: "agents/planner.py",
      lineno: 3,
      language: "python",
      bases: ["agents.BaseAgent[Task]"],
      capabilities: ["task_execution"],
      docstring: null,
      reason: "It is written in Python: only TypeScript and JavaScript can be run and migrated.",
    },
    {
      name: "ResearchAgent",
      file_path: "agents/research.py",
      lineno: 3,
      language: "python",
      bases: ["BaseAgent"],
      capabilities: ["task_execution"],
      docstring: "Looks things up.",
      reason: "It is written in Python: only TypeScript and JavaScript can be run and migrated.",
    },
    {
      name: "WriterAgent",
      file_path: "src/writer.go",
      lineno: 3,
      language: "go",
      bases: [],
      capabilities: ["task_execution"],
      docstring: null,
      reason: "It is written in Go: only TypeScript and JavaScript can be run and migrated.",
    },
  ]);
  expect([index.agents, index.notes]).toEqual([[], []]);
});

it("follow the file", async () => {
  const root = project({ [FILE]: line("ResearchAgent", "a.py") });
  const index = new WorkspaceIndex(root, () => undefined);
  const names = async () =>
    (await index.update([{ path: join(root, FILE), text: null }], never)).foreign.map(({ name }) => name);
  expect((await index.snapshot(never)).foreign.map(({ name }) => name)).toEqual(["ResearchAgent"]);
  writeFileSync(join(root, FILE), line("ResearchAgent", "a.py") + line("WriterAgent", "b.py"));
  expect(await names()).toEqual(["ResearchAgent", "WriterAgent"]);
  writeFileSync(join(root, FILE), "");
  expect(await names()).toEqual([]);
});

it("are limited in number, with a note", async () => {
  const lines = Array.from({ length: 2_003 }, (_, n) => line("ResearchAgent", `a${n}.py`));
  const index = await indexFiles({ [FILE]: lines.join("") });
  expect(index.foreign).toHaveLength(2_000);
  expect(index.notes).toEqual([`${FILE} tells of 3 more agents of other languages.`]);
});
