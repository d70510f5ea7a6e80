import { describe, expect, it } from "vitest";
import { leftBehind, leftBehindSentence, type Busy } from "../../../src/vscode/runs/leftBehind.ts";
import { row } from "./runRow.ts";

const busy: Busy = { folder: "file:///w", owner: "o", since: "3", told: ["5"] };
const run = (runId: string, more: Parameters<typeof row>[1] = {}) =>
  row(runId, { state: "interrupted", ...more }).summary;
const named = (...names: string[]) =>
  names.map((name, at) => run(String(at), { agent: { file_path: "a.ts", name } }));

describe("What a window left behind", () => {
  it("are the interrupted runs that were at work when it ended", () => {
    const runs = [run("3"), run("4", { state: "success" }), run("6", { state: "cancelled" }), run("7")];
    expect(leftBehind(runs, busy).map(({ runId }) => runId)).toEqual(["3", "7"]);
  });

  it("is not what was interrupted before, was told, goes on already, or is a step", () => {
    const runs = [run("2"), run("5"), run("6", { resumedBy: "8" }), run("7", { step: "research" })];
    expect(leftBehind(runs, busy)).toEqual([]);
  });

  it.each([
    [["EchoAgent"], "1 run was interrupted when VS Code closed: EchoAgent."],
    [["A", "B", "A"], "3 runs were interrupted when VS Code closed: A (2), B."],
    [["A", "B", "C", "D", "E", "E"], "6 runs were interrupted when VS Code closed: A, B, C and 2 more."],
  ])("is told in one sentence: %j", (names, sentence) => {
    expect(leftBehindSentence(named(...names))).toBe(sentence);
  });

  it("goes on in a queue, where it was with a worker", () => {
    const [queued, local] = [run("3", { worker: "build-1" }), run("4")];
    expect(leftBehindSentence([queued])).toBe("1 run was left in the queue when VS Code closed: EchoAgent.");
    expect(leftBehindSentence([queued, local])).toBe(
      "2 runs were interrupted when VS Code closed: EchoAgent (2).",
    );
  });
});
