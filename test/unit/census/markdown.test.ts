import { expect, it } from "vitest";
import { takeCensus } from "../../../src/census/census.ts";
import { toMarkdown } from "../../../src/census/markdown.ts";
import { record, snapshot } from "../vscode/record.ts";

const markdownOf = (...agents: Parameters<typeof record>[0][]) =>
  toMarkdown(takeCensus([{ name: "my_shop", snapshot: snapshot(agents.map(record)) }], { tests: false }));

it("A census as a document names every number and says what was counted", () => {
  const base = { name: "Agent", file_path: null, module: "kit" };
  const text = markdownOf({ name: "A", base_chain: [base] }, { name: "default", base_chain: [base] });
  expect(text).toContain("# Census of the agents in my\\_shop\n\n2 agents in 2 source files.\n");
  expect(text).toContain("\n| Agents | 2 | 2 classes |\n");
  expect(text).toContain("\n| Lifecycle methods | 0 |  |\n");
  expect(text).toContain("\n| Orchestration files | 0 |  |\n");
  expect(text).toContain("\n| Agent | 2 | kit | A, default export |\n");
  expect(text).toContain("\n- **Base classes**: Distinct classes that agents extend directly.\n");
});

it("Names of code break no table", () => {
  const text = markdownOf({ name: "A", base_chain: [{ name: "Base<A|B>", file_path: null, module: null }] });
  expect(text).toContain("| Base\\<A\\|B\\> | 1 | not found in this workspace | A |");
});

it("A folder without agents has a census too", () => {
  const text = markdownOf();
  expect(text).toContain("0 agents in 0 source files.");
  expect(text).not.toContain("## Families");
  expect(text).not.toContain("NaN");
});
