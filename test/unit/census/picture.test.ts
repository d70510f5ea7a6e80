import { expect, it } from "vitest";
import { pictureOf } from "../../../src/census/picture.ts";
import type { AgentRecord, Orchestration } from "../../../src/model/agentRecord.ts";
import { indexFolder } from "../indexer/project.ts";
import { record, snapshot } from "../vscode/record.ts";

const inside = (name: string) => ({ name, file_path: `src/${name}.ts`, module: null });
const outside = (name: string, module: string) => ({ name, file_path: null, module });
const calls = (name: string, how: Orchestration["how"] = "calls") => ({
  name,
  file_path: `src/${name}.ts`,
  how,
  lineno: 4,
});
const pictureOfAgents = (...agents: AgentRecord[]) => pictureOf([{ name: "w", snapshot: snapshot(agents) }]);

/** "PriceAgent < BaseAgent" */
const heritage = ({ nodes }: ReturnType<typeof pictureOf>) =>
  nodes.map(({ name, kind, base }) => {
    const of = nodes.find(({ id }) => id === base)?.name;
    return `${kind} ${name}${of === undefined ? "" : ` < ${of}`}`;
  });

it("The picture of the families ends at their roots and shows what is in between", () => {
  const picture = pictureOfAgents(
    record({ name: "BaseAgent", base_chain: [outside("EventEmitter", "node:events")] }),
    record({
      name: "PriceAgent",
      base_chain: [inside("Middle"), inside("BaseAgent"), outside("EventEmitter", "node:events")],
    }),
    record({ name: "ClockAgent", base_chain: [outside("EventEmitter", "events")] }),
    record({ name: "LoneAgent", role: "orchestrator" }),
  );
  expect(heritage(picture)).toEqual([
    "agent BaseAgent",
    "agent PriceAgent < Middle",
    "agent ClockAgent < EventEmitter",
    "orchestrator LoneAgent",
    "other Middle < BaseAgent",
    "outside EventEmitter",
  ]);
  expect(picture.nodes.map(({ place, origin }) => [place?.lineno ?? null, origin])).toEqual([
    [1, "src/BaseAgent.ts"],
    [1, "src/PriceAgent.ts"],
    [1, "src/ClockAgent.ts"],
    [1, "src/LoneAgent.ts"],
    [null, "src/Middle.ts"],
    [null, "events"],
  ]);
});

it("The picture links an agent once with each other one that it orchestrates, and with nothing that is not there", () => {
  const { links } = pictureOfAgents(
    record({
      name: "BossAgent",
      orchestrates: [
        calls("PriceAgent", "constructs"),
        calls("PriceAgent"),
        calls("Gone"),
        calls("BossAgent"),
      ],
    }),
    record({ name: "PriceAgent" }),
  );
  expect(links).toEqual([
    {
      from: "w|src/BossAgent.ts#BossAgent",
      to: "w|src/PriceAgent.ts#PriceAgent",
      how: ["constructs", "calls"],
    },
  ]);
});

it("Classes that extend each other in a circle, and two of one name in a file, end in a tree", () => {
  const picture = pictureOfAgents(
    record({ name: "A", base_chain: [inside("B"), inside("A")] }),
    record({ name: "B", base_chain: [inside("A"), inside("B")] }),
    record({ name: "A", lineno: 9 }),
  );
  expect(picture.nodes.map(({ id, base }) => [id, base])).toEqual([
    ["w|src/A.ts#A", "w|src/B.ts#B"],
    ["w|src/B.ts#B", null],
    ["w|src/A.ts#A:9", null],
  ]);
});

it("The picture of the examples", async () => {
  const picture = pictureOf([{ name: "examples", snapshot: await indexFolder("examples") }]);
  expect(heritage(picture)).toEqual(
    expect.arrayContaining([
      "agent InvoiceAgent < WorkflowAgent",
      "agent WorkflowAgent",
      "agent DeploymentAgent < EventEmitter",
      "orchestrator ResearchAgentCoordinator",
    ]),
  );
});
