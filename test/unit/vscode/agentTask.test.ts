import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Finished } from "../../../src/model/runRecord.ts";
import { failurePlace } from "../../../src/vscode/tasks/failurePlace.ts";
import { AgentTask, parseAgentTask } from "../../../src/vscode/tasks/taskDefinition.ts";
import { terminalText } from "../../../src/vscode/tasks/terminalText.ts";

interface Manifest {
  contributes: {
    taskDefinitions: { required: string[]; properties: Record<string, unknown> }[];
    problemMatchers: { pattern: { regexp: string; file: number; line: number; message: number } }[];
  };
}
const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

describe("A task of the type agent", () => {
  it("has the properties that the manifest declares", () => {
    const [definition] = contributes.taskDefinitions;
    expect(Object.keys(definition?.properties ?? {})).toEqual(Object.keys(AgentTask.shape));
    expect(definition?.required).toEqual(["agent"]);
  });

  it("is taken as it is written", () => {
    const written = { agent: "src/a.ts#A", task: ["x", null], args: [1], retries: 0, timeoutSeconds: 1.5 };
    expect(parseAgentTask({ type: "agent", ...written })).toEqual(written);
  });

  it.each([
    [{}, /^"agent" of this task cannot be used: write "FILE#Class"/],
    [{ agent: "a#A", args: "x" }, /^"args" of this task cannot be used: write .* as an array/],
    [{ agent: "a#A", retries: 1.5 }, /^"retries" of this task cannot be used: write a whole number from 0/],
    [
      { agent: "a#A", timeoutSeconds: -1 },
      /^"timeoutSeconds" of this task cannot be used: .* 0 for no limit/,
    ],
  ])("is refused with what is wrong: %j", (definition, sentence) => {
    expect(() => parseAgentTask(definition)).toThrow(sentence);
  });
});

it("The terminal of a task says where a question is answered", () => {
  const question = { kind: "text", message: "Which shelf?" } as const;
  const asked = { type: "question", runId: "1", time: "2026-01-02T03:04:05.000Z", question } as const;
  expect(terminalText(asked, "/work/shop")).toBe(
    "asks: Which shelf?\nPress Enter here to answer, or choose Answer… in its row of Agent Runs.",
  );
});

describe("failurePlace", () => {
  const at = (...lines: string[]) => ({
    name: "Error",
    message: "no",
    stack: ["Error: no", ...lines.map((line) => `    at ${line}`)].join("\n"),
  });

  it("is the first frame within the folder that belongs to no package", () => {
    const error = at(
      "send (/work/shop/node_modules/http/send.js:3:1)",
      "other (/work/shopping/a.ts:4:2)",
      "Agent.execute (/work/shop/src/a b.ts:12:5)",
      "run (/work/shop/src/main.ts:1:1)",
    );
    expect(failurePlace(error, "/work/shop")).toEqual({ path: "/work/shop/src/a b.ts", line: 12, column: 5 });
  });

  it("reads URLs and frames without a function", () => {
    expect(failurePlace(at("file:///work/shop/src/a%20b.ts:2:3"), "/work/shop")).toEqual({
      path: "/work/shop/src/a b.ts",
      line: 2,
      column: 3,
    });
  });

  it("reads paths with parentheses, in frames and in messages", () => {
    const path = "/work/shop (1)/app/(dash)/a.ts";
    const found = { path, line: 2, column: 3 };
    expect(failurePlace(at(`run (${path}:2:3)`), "/work/shop (1)")).toEqual(found);
    expect(failurePlace(at(`${path}:2:3`), "/work/shop (1)")).toEqual(found);
    const message = `either/or: unexpected token (${path}:2:3)`;
    expect(failurePlace({ name: "SyntaxError", message }, "/work/shop (1)")).toEqual(found);
  });

  it("is what the message of a syntax error tells, and nothing where nothing does", () => {
    const message = "Unexpected token, expected , (/work/shop/src/a.ts:7:9)";
    expect(failurePlace({ name: "SyntaxError", message }, "/work/shop")).toEqual({
      path: "/work/shop/src/a.ts",
      line: 7,
      column: 9,
    });
    expect(failurePlace({ name: "Error", message: "no (/old/work/shop/a.ts:7:9)" }, "/work/shop")).toBeNull();
    expect(failurePlace({ name: "Error", message: "at 12:30:00 it failed" }, "/work/shop")).toBeNull();
  });
});

describe("The terminal of a task", () => {
  const end: Finished = {
    ...{ type: "finished", runId: "1", time: "2030-01-01T00:00:00.000Z", checkpointId: null },
    ...{ status: "failed", attempts: 1, durationMs: 1200, warnings: [] },
  };

  it("ends with a line that the problem matcher of the manifest reads", () => {
    const stack = "AgentError: no\nway\n    at A.execute (/work/shop/src/a.ts:12:5)";
    const error = { name: "AgentError", message: "no\nway", stack };
    const last =
      terminalText({ ...end, error }, "/work/shop")
        ?.split("\n")
        .at(-1) ?? "";
    expect(last).toBe("/work/shop/src/a.ts:12:5: error: AgentError: no way");
    const { regexp, file, line, message } = contributes.problemMatchers[0]?.pattern ?? {};
    const read = (text: string) => {
      const found = new RegExp(regexp ?? "").exec(text);
      return [found?.[file ?? 0], found?.[line ?? 0], found?.[message ?? 0]];
    };
    expect(read(last)).toEqual(["/work/shop/src/a.ts", "12", "AgentError: no way"]);
    expect(read("C:\\shop\\a.ts:1:2: error: Error: at b:3:4: error: x")).toEqual([
      ...["C:\\shop\\a.ts", "1", "Error: at b:3:4: error: x"],
    ]);
  });

  it("shows the result before the end, and no problem of what was cancelled", () => {
    const output = { answer: 42 };
    expect(terminalText({ ...end, status: "success", output }, "/work/shop")).toBe(
      '{\n  "answer": 42\n}\nsuccess in 1.2 s',
    );
    const error = { name: "AbortError", message: "stopped (/work/shop/a.ts:1:1)" };
    expect(terminalText({ ...end, status: "cancelled", error }, "/work/shop")).toBe(
      "cancelled in 1.2 s: AbortError: stopped (/work/shop/a.ts:1:1)",
    );
  });
});
