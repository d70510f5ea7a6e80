import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";

let folder: string;
let learner: ErrorPatternLearner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "explain-"));
  learner = new ErrorPatternLearner(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function error(name: string, message: string, frames: string[] = [], cause?: unknown): Error {
  const made = new Error(message, cause === undefined ? {} : { cause });
  made.name = name;
  made.stack = `${name}: ${message}\n${frames.map((frame) => `    at ${frame}:1:1)`).join("\n")}`;
  return made;
}

describe("why", () => {
  it("tells all that counts, in data and in sentences", () => {
    const refused = error("Error", "connect ECONNREFUSED 10.0.0.1:80");
    const failed = error("TypeError", "job 17 failed", ["a (/x/a.ts", "b (/x/b.ts"], refused);
    const why = learner.why(failed);
    expect(why).toMatchObject({
      signature: learner.recordError(failed),
      algorithm: 3,
      type: "TypeError",
      message: "job 17 failed",
      normalised: "job <number> failed",
      replaced: [{ kind: "number", value: "17" }],
      frames: ["a (a)", "b (b)"],
      causes: ["Error: connect ECONNREFUSED <ip>"],
    });
    expect(why.sentences).toEqual([
      "The error's name is TypeError.",
      'Its message counts as "job <number> failed"; placeholders stand for "17".',
      "It was thrown in a (a), called by b (b).",
      'It was caused by "Error: connect ECONNREFUSED <ip>".',
    ]);
  });

  it("tells what is not there", () => {
    expect(learner.why("just text").sentences).toEqual([
      "The error's name is NonError.",
      'Its message counts as it is: "just text".',
      "No frame of the program's own code is in its stack.",
    ]);
  });
});

describe("explain", () => {
  const base = () => error("Error", "job 1 failed at last", ["a (/x/a.ts"]);
  it("tells why errors are of one group", () => {
    expect(learner.explain(base(), error("Error", "job 2 failed at last", ["a (/y/a.js"]))).toEqual({
      same: true,
      signatures: [learner.why(base()).signature, learner.why(base()).signature],
      differs: [],
      sentences: ["Both are Error with the same message, the same frames and no cause."],
    });
    expect(learner.explain("x 1", "x 2").sentences).toEqual([
      "Both are NonError with the same message, no frame of the program's own code and no cause.",
    ]);
    const caused = () => error("Error", "x", [], "y");
    expect(learner.explain(caused(), caused()).sentences[0]).toMatch(/and the same causes\.$/);
  });

  it.each([
    [
      "type",
      error("TypeError", "job 1 failed at last", ["a (/x/a.ts"]),
      "The first is Error, the second TypeError.",
    ],
    [
      "message",
      error("Error", "job 1 failed again", ["a (/x/a.ts"]),
      'Their messages differ after "job <number> failed": "at last" in the first, "again" in the second.',
    ],
    [
      "message",
      error("Error", "task 1 failed", ["a (/x/a.ts"]),
      'Their messages differ from the start: "job <number> failed at last" in the first, "task <number> failed" in the second.',
    ],
    [
      "message",
      error("Error", "job 1 failed", ["a (/x/a.ts"]),
      'Their messages differ after "job <number> failed": "at last" in the first, its end in the second.',
    ],
    [
      "message",
      error("Error", "job 1 failed at last, too", ["a (/x/a.ts"]),
      'Their messages differ after "job <number> failed at": "last" in the first, "last, too" in the second.',
    ],
    [
      "frames",
      error("Error", "job 1 failed at last", ["a (/x/a.ts", "b (/x/b.ts"]),
      'Their frame 2 differs: none in the first, "b (b)" in the second.',
    ],
    [
      "causes",
      error("Error", "job 1 failed at last", ["a (/x/a.ts"], new Error("why")),
      'Their cause 1 differs: none in the first, "Error: why" in the second.',
    ],
  ])("tells that the %s differs", (what, other, sentence) => {
    expect(learner.explain(base(), other)).toMatchObject({
      same: false,
      differs: [what],
      sentences: [sentence],
    });
  });

  it("shortens what is long, and tells all that differs", () => {
    const { differs, sentences } = learner.explain(base(), error("E", "m".repeat(500), ["c (/x/c.ts"]));
    expect(differs).toEqual(["type", "message", "frames"]);
    expect(sentences.join("\n").length).toBeLessThan(500);
  });

  it("takes signatures of patterns, also of other programs", () => {
    const signature = learner.recordError(base());
    expect(learner.explain(signature, base())).toMatchObject({ same: true });
    expect(learner.explain(signature, "text")).toMatchObject({ same: false });
    const patterns = [
      {
        error_signature: "old",
        error_type: "Error",
        normalised: "job <number> failed at last",
        frames: ["a (a)"],
        algorithm: 1,
      },
      { error_signature: "foreign", error_type: "Error", pattern: "job .* failed", frames: [5] },
      { error_signature: "again", error_type: "Error", pattern: "job .* failed" },
    ];
    writeFileSync(join(folder, "error_patterns.json"), JSON.stringify({ patterns }));
    expect(learner.explain("old", base())).toMatchObject({
      same: false,
      differs: ["algorithm"],
      sentences: ["They were grouped by different algorithms (version 1 and version 3)."],
    });
    expect(learner.explain("foreign", base())).toMatchObject({ differs: ["message", "frames", "algorithm"] });
    expect(learner.explain("foreign", "again").sentences).toEqual([
      "They were grouped by different algorithms (another program's and another program's).",
    ]);
  });
});
