import { expect, it } from "vitest";
import { plannedAdapter, writtenAdapter } from "../../../src/migration/adapterSource.ts";
import type { MigrationPlan } from "../../../src/model/migrationPlan.ts";

const insert = (text: string) => [{ start: 0, end: 0, text }];
const plan: MigrationPlan = {
  ...{ action: "migrate", file_path: "src/desk.ts", name: "Desk", adapter: "DeskAdapter" },
  changes: [
    {
      path: "/w/src/desk.adapter.ts",
      before: null,
      edits: insert(
        `import { UniversalAgentAdapter } from "../opsvi-agents/core.js";\nclass DeskAdapter { constructor() { super(new Desk(), {\n agentType: "desk",\n name: "Desk",\n method: 'answer' }); } }`,
      ),
    },
    { path: "/w/src/desk.ts", before: "class Desk {}", edits: insert("export ") },
    { path: "/w/opsvi-agents/core.ts", before: null, edits: insert(`import "./other/core"`) },
    { path: "/w/package.json", before: "{}", edits: insert(" ") },
  ],
};

it("a planned adapter comes with the modules that a migration changes and what they import the runtime from", () => {
  const source = plannedAdapter(plan);
  expect({ ...source, planned: source.planned.map(({ path }) => path) }).toEqual({
    name: "DeskAdapter",
    file: "/w/src/desk.adapter.ts",
    planned: ["/w/src/desk.adapter.ts", "/w/src/desk.ts"],
    runtime: ["../opsvi-agents/core.js"],
    method: "answer",
  });
  expect(source.planned[1]?.text).toBe("export class Desk {}");
});

it.each([
  [`class XAdapter extends B { constructor() { super(new X(), { agentType: "x", method: "go" }); } }`, "go"],
  [`class XAdapter extends B { constructor() { super(new X(), { agentType: "x", name: "X" }); } }`, null],
  [
    `class XAdapter extends B { constructor() { super(new X(), { agentType: "x" }); } }
     class YAdapter extends B { constructor() { super(new Y(), { agentType: "y", method: "go" }); } }`,
    null,
  ],
  [`const options = { method: "no" };\nclass XAdapter extends B {}`, null],
])("a written adapter may name its method: %#", (text, method) => {
  expect(writtenAdapter("XAdapter", "/w/x.ts", text)).toEqual({
    ...{ name: "XAdapter", file: "/w/x.ts", planned: [], runtime: [], method },
  });
});
