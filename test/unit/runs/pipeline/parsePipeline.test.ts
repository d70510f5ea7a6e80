import { describe, expect, it } from "vitest";
import { isPipelineFile, pipelineName } from "../../../../src/model/pipeline.ts";
import { parsePipeline, pathText } from "../../../../src/runs/pipeline/parsePipeline.ts";

const problems = (pipeline: unknown): string[] =>
  parsePipeline(JSON.stringify(pipeline, null, 1)).problems.map(
    ({ line, path, message }) => `${line} ${pathText(path)}: ${message}`,
  );
const step = (id: string, task: unknown = {}) => ({ id, agent: "a.ts#A", task });

describe("parsePipeline", () => {
  it("reads steps, groups and sequences within groups", () => {
    const pipeline = {
      steps: [step("a"), { parallel: [step("b"), { sequence: [step("c"), step("d", { $from: "/c" })] }] }],
    };
    expect(parsePipeline(JSON.stringify(pipeline))).toEqual({ pipeline, problems: [] });
  });

  it("names what is wrong with the form of a step, of the kind that is meant, with its line", () => {
    expect(
      problems({
        steps: [
          { id: "1", agent: "a.ts", task: {}, timeoutSeconds: 0 },
          { parallel: [] },
          { parallel: [{ id: "x", agent: "a.ts#A", tasks: {} }] },
          { sequence: 1 },
          { id: "input", agent: "a.ts#A", task: 1 },
          5,
        ],
      }),
    ).toEqual([
      '4 steps[0].id: it must be a letter, then letters, digits, _ and -, and not "input"',
      '5 steps[0].agent: it must be FILE#Class, such as "src/research.ts#ResearchAgent"',
      "7 steps[0].timeoutSeconds: it must be more than 0",
      "10 steps[1].parallel: it must be a list with at least one step",
      "14 steps[2].parallel[0].task: it must be there: {} where the agent needs none",
      '17 steps[2].parallel[0].tasks: there is no field "tasks", only id, agent, task, args, retries, timeoutSeconds, continueOnFailure',
      "22 steps[3].sequence: it must be a list of steps",
      '25 steps[4].id: it must be a letter, then letters, digits, _ and -, and not "input"',
      "29 steps[5]: it must be an object",
    ]);
    expect(problems({})).toEqual(["1 steps: it must be a list of steps"]);
    expect(problems([])).toEqual(["1 the pipeline: it must be an object"]);
  });

  it("names where text is no JSON", () => {
    const [problem] = parsePipeline('{\n  "steps": [,]\n}').problems;
    expect(problem).toMatchObject({ line: 2, message: "this is no JSON (ValueExpected)" });
    expect(parsePipeline("").problems).toHaveLength(1);
  });

  it("names ids that are there twice, and results that are not there in time", () => {
    expect(
      problems({
        steps: [
          step("a", [{ $from: "/b" }, { $from: "/nobody/x" }]),
          { parallel: [step("b", { $from: "/a/x~1y" }), step("c", { deep: { $from: "/b" } })] },
          step("a", { $from: "/input" }),
          step("d", [{ $from: "b" }, { $from: "/b", or: 1 }, { $from: "/c", default: null }]),
          { id: "e", agent: "other.agents.json#other", task: {} },
        ],
      }).map((problem) => problem.replace(/^\d+ /, "")),
    ).toEqual([
      'steps[0].task[0]: the step "b" has not ended when this one begins: only steps before it give results',
      'steps[0].task[1]: there is no step "nobody"',
      'steps[1].parallel[1].task.deep: the step "b" has not ended when this one begins: only steps before it give results',
      'steps[2].id: another step is called "a", too',
      'steps[3].task[0]: "$from" must be a JSON Pointer such as "/research/findings"',
      'steps[3].task[1]: beside "$from" only "default" may stand, and not "or"',
      "steps[4].agent: a pipeline is no step of another one",
    ]);
  });
});

it("files with pipelines are known by the end of their names", () => {
  expect(
    ["x/release.agents.json", "a.b.agents.json", "x/.agents.json", "agents.json"].map(isPipelineFile),
  ).toEqual([true, true, false, false]);
  expect(["x/release.agents.json", "C:\\y\\a.b.agents.json"].map(pipelineName)).toEqual(["release", "a.b"]);
});
