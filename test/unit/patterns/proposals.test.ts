import { describe, expect, it } from "vitest";
import { changed, changesOf } from "../../../src/model/jsonPatch.ts";
import { proposalsFrom, type RunFacts } from "../../../src/patterns/proposals.ts";

let clock = Date.parse("2026-01-01T00:00:00Z");
function run(fields: Partial<RunFacts>): RunFacts {
  clock += 5_000;
  return {
    ...{ runId: `r${clock}`, of: "a.ts#A ", task: { q: 1, mode: "fast" }, args: [], timeoutMs: null },
    ...{ memoryMb: null, resumes: null, fromCheckpoint: false, retries: [], signature: null },
    ...{ queuedAt: new Date(clock).toISOString(), endedAt: new Date(clock + 1000).toISOString() },
    status: "success",
    ...fields,
  };
}
const failed = (fields: Partial<RunFacts> = {}) => run({ status: "failed", signature: "s", ...fields });

describe("what followed an error and helped is proposed", () => {
  it("as another attempt", () => {
    const retries = [{ signature: "s", delayMs: 2000 }];
    expect(proposalsFrom([run({ retries }), failed({ retries })])).toMatchObject([
      {
        ...{ signature: "s", tried: 2, passed: 1, fix: "Run it again within 10 seconds." },
        action: { type: "retryLater", delayMs: 2000 },
      },
    ]);
  });

  it("as the field of the task, the time limit, the memory or the arguments that differed", () => {
    const fix = (after: Partial<RunFacts>) =>
      proposalsFrom([failed(), run(after)]).map((one) => [one.fix, one.action]);
    expect(fix({ task: { q: 1, mode: "slow" } })).toEqual([
      ['Set mode of the task to "slow".', { type: "patch", task: { mode: "slow" } }],
    ]);
    expect(fix({ task: { q: 1 } })).toEqual([
      ["Leave mode out of the task.", { type: "patch", task: { mode: null } }],
    ]);
    expect(fix({ timeoutMs: 9000 })).toEqual([
      ["Set a time limit of 9000 ms.", { type: "longerTimeout", ms: 9000 }],
    ]);
    expect(fix({ memoryMb: 512 })).toEqual([["Allow 512 MB of memory.", undefined]]);
    expect(fix({ args: ["key"] })).toEqual([['Construct it with other arguments: ["key"].', undefined]]);
    expect(fix({ timeoutMs: 9000, memoryMb: 512 })).toEqual([
      ["Set a time limit of 9000 ms. Allow 512 MB of memory.", undefined],
    ]);
  });

  it.each<[string, object, object, unknown]>([
    ["a field inside is left out", { opts: { a: 1, b: 2 } }, { opts: { a: 1 } }, { opts: { b: null } }],
    [
      "fields inside differ",
      { opts: { a: 1, b: 2 } },
      { opts: { a: 3, c: 4 } },
      { opts: { a: 3, b: null, c: 4 } },
    ],
    ["an object takes the place of a text", { opts: "x" }, { opts: { a: [null] } }, { opts: { a: [null] } }],
    ["a list differs", { list: [{ x: 1 }] }, { list: [{ x: null }] }, { list: [{ x: null }] }],
  ])("by a patch that makes the task that passed, where %s", (_, before, after, patch) => {
    const runs = [failed({ task: { q: 1, ...before } }), run({ task: { q: 1, ...after } })];
    const [proposal] = proposalsFrom(runs);
    expect(proposal?.action).toEqual({ type: "patch", task: patch });
    expect(changed(runs[0]?.task, changesOf("task", runs[0]?.task, patch))).toEqual(runs[1]?.task);
  });

  it("in words only where no patch can say it", () => {
    const fix = (before: object, after: object) =>
      proposalsFrom([failed({ task: { q: 1, ...before } }), run({ task: { q: 1, ...after } })]).map((one) => [
        one.fix,
        one.action,
      ]);
    expect(fix({ m: "fast" }, { m: null })).toEqual([["Set m of the task to null.", undefined]]);
    expect(fix({ o: {} }, { o: { x: { y: null } } })).toEqual([
      ['Set o of the task to {"x":{"y":null}}.', undefined],
    ]);
  });

  it("as resuming from the checkpoint", () => {
    const first = failed();
    const runs = [first, run({ of: "b.ts#B " }), run({ resumes: first.runId, fromCheckpoint: true })];
    expect(proposalsFrom(runs)).toMatchObject([
      { fix: "Resume the run from its last checkpoint.", action: { type: "restoreCheckpoint" } },
    ]);
  });

  it("with how often it was tried, and did not help", () => {
    const longer = { timeoutMs: 9000 };
    const runs = [failed(), failed(longer), failed(), run(longer)];
    const [proposal] = proposalsFrom(runs).filter(({ action }) => action?.type === "longerTimeout");
    expect(proposal).toMatchObject({ tried: 2, passed: 1 });
  });
});

describe("nothing is proposed", () => {
  it.each<[string, RunFacts[]]>([
    ["where nothing passed", [failed(), failed({ timeoutMs: 9000 })]],
    ["of a task that has nothing to do with it", [failed(), run({ task: { other: true } })]],
    ["of a text that is another", [failed({ task: "a" }), run({ task: "b" })]],
    ["of another agent", [failed(), run({ of: "b.ts#B " })]],
    ["of a run days later", [failed(), run({ queuedAt: "2026-02-01T00:00:00Z" })]],
    ["where another error came", [failed(), failed({ signature: "t", timeoutMs: 9 })]],
    ["where times are none", [failed({ endedAt: "x" }), run({ queuedAt: "y" })]],
  ])("%s", (_, runs) => {
    expect(proposalsFrom(runs)).toEqual([]);
  });

  it("of prototype keys", () => {
    const task = JSON.parse('{"q":1,"mode":"fast","__proto__":{"polluted":true}}') as object;
    const proposals = proposalsFrom([failed(), run({ task: { ...task, mode: "slow" } })]);
    expect(JSON.stringify(proposals)).not.toContain("polluted");
  });
});
