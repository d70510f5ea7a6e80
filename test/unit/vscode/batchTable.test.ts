import { describe, expect, it } from "vitest";
import type { BatchTable, BatchTableRow } from "../../../src/model/batchTable.ts";
import { exported } from "../../../src/vscode/batches/exported.ts";
import { tableOf } from "../../../src/vscode/batches/tableOf.ts";
import { queuedAt, row } from "./runRow.ts";

const now = Date.parse("2026-01-02T03:04:30.000Z");

it("A table tells each task with what came of it, in the order of the batch", () => {
  const asked = { question: { kind: "approve", message: "Buy it?" }, askedAt: queuedAt } as const;
  const rows = [
    row("1", { usage: { tokens: 5, cost: 0.5 } }),
    row("2", { state: "failed", attempts: 3, error: { name: "Error", message: "no" } }),
    row("3", { state: "waiting", endedAt: null, question: asked }),
    row("4", { state: "queued", endedAt: null, attempts: 0, durationMs: 0 }),
  ];
  const texts = rows.map((_, at) => ({ task: `{"at":${at}}`, output: at === 0 ? '"done"' : null }));
  const table = tableOf({ id: "b", rows }, texts, { now, folders: false });
  expect(table).toMatchObject({
    label: "4 tasks for EchoAgent",
    summary: "1 running, 1 queued, 2 of 4 done · 1 succeeded, 1 failed · 5 tokens, cost 0.5 · 30 s",
    ...{ atWork: true, unsuccessful: false },
  });
  expect(
    table.rows.map((each) => [
      each.place,
      each.task,
      each.state,
      each.attempts,
      each.durationMs,
      each.result,
    ]),
  ).toEqual([
    [1, '{"at":0}', "success", 1, 4000, '"done"'],
    [2, '{"at":1}', "failed", 3, 4000, "Error: no"],
    [3, '{"at":2}', "waiting", 1, 30_000, "asks: Buy it?"],
    [4, '{"at":3}', "queued", 0, null, null],
  ]);
});

it("A table tells the folder of each run where there are several, and its file names it before the agent", () => {
  const table = tableOf({ id: "b", rows: [row("1")] }, [{ task: "1", output: "2" }], { now, folders: true });
  expect(table.rows[0]).toMatchObject({ agent: "EchoAgent", folderName: "w" });
  expect(exported(table, "csv").text.split("\r\n")[1]).toMatch(/^1,w\/src\/a\.ts#EchoAgent,1,success,/);
});

describe("A table as a file", () => {
  const rowOf = (more: Partial<BatchTableRow>): BatchTableRow => ({
    ...{
      folder: "file:///w",
      runId: "r1",
      place: 1,
      agent: "EchoAgent",
      file_path: "src/a.ts",
      folderName: null,
    },
    ...{ task: '{"q":"a, b"}', state: "success", attempts: 1, durationMs: 20 },
    ...{ usage: { tokens: 1200, cost: 0.25 }, result: '{"n":1}', ...more },
  });
  const failed = {
    place: 2,
    task: '"=1+1"',
    state: "failed",
    usage: null,
    result: "Error: a|b\n`c`",
    runId: "r2",
  };
  const table: BatchTable = {
    ...{ id: "b", label: "2 tasks for EchoAgent", summary: "1 succeeded, 1 failed", atWork: false },
    ...{ unsuccessful: true, rows: [rowOf({}), rowOf(failed as Partial<BatchTableRow>)] },
  };

  it("is CSV that no spreadsheet takes for a formula", () => {
    const odd = { ...table, rows: [rowOf({ task: "=1+1", result: "-2", durationMs: null })] };
    expect(exported(table, "csv")).toEqual({
      name: "batch.csv",
      text:
        "task number,agent,task,state,duration ms,attempts,tokens,cost,result,run\r\n" +
        '1,src/a.ts#EchoAgent,"{""q"":""a, b""}",success,20,1,1200,0.25,"{""n"":1}",r1\r\n' +
        '2,src/a.ts#EchoAgent,"""=1+1""",failed,20,1,,,"Error: a|b\n`c`",r2\r\n',
    });
    expect(exported(odd, "csv").text.split("\r\n")[1]).toBe(
      "1,src/a.ts#EchoAgent,'=1+1,success,,1,1200,0.25,'-2,r1",
    );
  });

  it("is JSON with tasks and outputs as values", () => {
    const { name, text } = exported(table, "json");
    expect(name).toBe("batch.json");
    expect(JSON.parse(text)).toEqual({
      ...{ batch: "b", label: "2 tasks for EchoAgent", summary: "1 succeeded, 1 failed" },
      runs: [
        {
          ...{ runId: "r1", agent: "src/a.ts#EchoAgent", task: { q: "a, b" }, state: "success", attempts: 1 },
          ...{ durationMs: 20, usage: { tokens: 1200, cost: 0.25 }, output: { n: 1 } },
        },
        {
          ...{ runId: "r2", agent: "src/a.ts#EchoAgent", task: "=1+1", state: "failed", attempts: 1 },
          ...{ durationMs: 20, usage: null, error: "Error: a|b\n`c`" },
        },
      ],
    });
  });

  it("is a Markdown table that no cell breaks", () => {
    const lines = exported(table, "markdown").text.split("\n");
    expect(lines[0]).toBe("# 2 tasks for EchoAgent");
    expect(lines.at(-2)).toBe(
      '| 2 | src/a.ts#EchoAgent | "=1+1" | failed | 20 | 1 |  |  | Error: a\\|b \\`c\\` | r2 |',
    );
  });
});
