import { describe, expect, test } from "vitest";
import type { PipelineNode, Step } from "../../../../src/model/pipeline.ts";
import { mostAtOnce, stepsInTurn, type StepState } from "../../../../src/runs/pipeline/stepOrder.ts";

const step = (id: string): Step => ({ id, agent: "a.ts#A", task: {} });
/** A step, then two branches of which one has two steps, then a step. */
const nodes: PipelineNode[] = [
  step("first"),
  { parallel: [step("left"), { sequence: [step("right"), step("further")] }] },
  step("last"),
];
const inTurn = (states: Record<string, StepState>) => {
  const { begin, isOver } = stepsInTurn(nodes, ({ id }) => states[id] ?? "unbegun");
  return { begin: begin.map(({ id }) => id), isOver };
};

describe("the steps of a pipeline", () => {
  test.each<[string, Record<string, StepState>, string[], boolean]>([
    ["begin with the first one", {}, ["first"], false],
    ["wait for the one before", { first: "atWork" }, [], false],
    ["begin together in a parallel group", { first: "ended" }, ["left", "right"], false],
    [
      "go on in one branch while another one is at work",
      { first: "ended", left: "atWork", right: "ended" },
      ["further"],
      false,
    ],
    [
      "wait for all branches",
      { first: "ended", left: "ended", right: "ended", further: "atWork" },
      [],
      false,
    ],
    [
      "go on once all branches have ended",
      { first: "ended", left: "ended", right: "ended", further: "ended" },
      ["last"],
      false,
    ],
    ["begin no more where one stops that", { first: "ended", left: "stops", right: "ended" }, [], true],
    [
      "let what is at work end where one stops the rest",
      { first: "ended", left: "stops", right: "atWork" },
      [],
      false,
    ],
    [
      "are over once the last one has ended",
      { first: "ended", left: "ended", right: "ended", further: "ended", last: "ended" },
      [],
      true,
    ],
  ])("%s", (_name, states, begin, isOver) => {
    expect(inTurn(states)).toEqual({ begin, isOver });
  });

  test("are at work together as far as their groups allow", () => {
    expect(mostAtOnce(nodes)).toBe(2);
    expect(mostAtOnce([step("only")])).toBe(1);
    const wide = {
      parallel: [
        { parallel: [step("a"), step("b")] },
        { sequence: [step("c"), { parallel: [step("d"), step("e")] }] },
      ],
    };
    expect(mostAtOnce([step("first"), wide])).toBe(4);
  });
});
