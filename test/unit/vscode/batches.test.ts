import { describe, expect, it } from "vitest";
import {
  counting,
  figuresOfGroup,
  grouped,
  isGroup,
  nested,
  newest,
  unfinished,
  type BatchGroup,
} from "../../../src/vscode/batches/batchGroup.ts";
import { batchText } from "../../../src/vscode/batches/batchText.ts";
import type { RunRow } from "../../../src/vscode/runs/row.ts";
import { rowText } from "../../../src/vscode/runs/rowText.ts";
import { row } from "./runRow.ts";

const now = Date.parse("2026-01-02T03:04:30.000Z");
const alone = { now, folders: false };

const group = (...rows: RunRow[]): BatchGroup => ({ id: "b", rows });
const failed = { state: "failed", error: { name: "Error", message: "no" } } as const;
const unended = { endedAt: null, durationMs: 0 } as const;

describe("The rows of the Runs view", () => {
  it("hold the runs of a batch together, in the order of their tasks, where the batch was begun", () => {
    const rows = [
      row("9", { batch: null }),
      // The one that was recorded first has not the first of the tasks.
      row("5", { batch: "4", queuedAt: "2026-01-02T03:04:07.000Z" }),
      row("3", { batch: null }),
      row("6", { batch: "4", queuedAt: "2026-01-02T03:04:06.000Z" }),
    ];
    const entries = grouped(rows).map((entry) =>
      isGroup(entry) ? [entry.id, entry.rows.map(({ summary }) => summary.runId)] : entry.summary.runId,
    );
    expect(entries).toEqual(["9", ["4", ["5", "6"]], "3"]);
  });

  it("begin with the batches and runs that are at work", () => {
    const rows = [row("9", { batch: null }), row("5", { batch: "4", state: "queued", ...unended })];
    expect(grouped(rows).map(isGroup)).toEqual([true, false]);
  });
});

describe("The row of a record that cannot be read", () => {
  const agent = { file_path: "", name: "" };
  const error = { name: "UnreadableError", message: "The record is empty." };
  const torn = row("9", { state: "unreadable", agent, batch: null, error });

  it("says so, and offers nothing but to discard it", () => {
    const { label, tooltip, context } = rowText(torn, alone);
    expect([label, tooltip[0], context]).toEqual(["Unreadable record", "The record is empty.", "unreadable"]);
  });

  it("is not what is run again", () => {
    const last = row("5", { batch: null });
    expect(newest([torn, last])).toBe(last);
  });
});

describe("The steps of a pipeline", () => {
  const rows = [
    row("6", { batch: "4", step: "report" }),
    row("5", { batch: "4", step: "research" }),
    row("4", { batch: null }),
  ];

  it("stand below the row of the pipeline, in the order in which they began", () => {
    const [entry, ...others] = nested(grouped(rows));
    expect(others).toEqual([]);
    expect(entry).toEqual({ entry: rows[2], steps: [rows[1], rows[0]] });
  });

  it("stand in one row where the record of the pipeline is not there", () => {
    const [only] = nested(grouped(rows.slice(0, 2)));
    if (only === undefined || !isGroup(only.entry)) throw new Error("There is no row of steps.");
    expect(only.steps).toEqual([]);
    expect(batchText(only.entry, alone)).toMatchObject({
      label: "2 steps: research, report",
      context: "steps",
    });
  });

  it("are what the pipeline waits for", () => {
    const agent = { file_path: "sum.agents.json", name: "sum" };
    const pipeline = row("4", { batch: null, agent, state: "running", ...unended });
    const asks = (runId: string, step: string, message: string) =>
      row(runId, {
        ...{ batch: "4", step, state: "waiting", ...unended },
        question: { question: { kind: "approve", message }, askedAt: "" },
      });
    const steps = [asks("6", "report", "Send it?"), asks("5", "research", "Go on?")];
    const text = (of: RunRow) => rowText(of, { now, folders: false, steps });
    expect(text(pipeline)).toMatchObject({
      description: "research · asks: Go on?",
      context: "run active waiting mine pipeline",
      state: "waiting",
    });
    expect(text(row("4", { batch: null, agent, state: "cancelled" }))).toMatchObject({ state: "cancelled" });
    expect(rowText(pipeline, { now, folders: false, steps: [] })).toMatchObject({
      description: "30 s",
      state: "running",
    });
  });

  it("are not run again alone where the last run is", () => {
    expect(newest(rows)).toBe(rows[2]);
  });
});

describe("A batch in one row", () => {
  it("tells how far it is, what it consumed, and who runs it", () => {
    const usage = { tokens: 600, cost: 0.1 };
    const running = group(
      row("1", { usage }),
      row("2", failed),
      row("3", { state: "running", usage, ...unended }),
      row("4", { state: "waiting", ...unended }),
      row("5", { state: "queued", attempts: 0, ...unended }),
    );
    expect(batchText(running, alone)).toMatchObject({
      label: "5 tasks for EchoAgent",
      description:
        "2 of 5 done · 1 failed · 1 running · 1 waiting for an answer · 1 queued · 1,200 tokens, cost 0.2 · 30 s",
      context: "batch active",
      state: "waiting",
    });
    const other = group(row("1", { state: "queued", attempts: 0, ...unended }, false));
    expect(batchText(other, alone)).toMatchObject({
      label: "1 task for EchoAgent",
      description: "0 of 1 done · 0 running · 1 queued · 30 s · in another window",
      state: "queued",
    });
  });

  it("tells what came of it, and whether something is left to be run again or resumed", () => {
    const words = (...rows: RunRow[]) => {
      const { description, context, state } = batchText(group(...rows), alone);
      return [
        description.replace(/ · \d\d:\d\d.*| · \d+ \w+ \d{4}.*| · \w+ \d+, \d{4}.*/, ""),
        context,
        state,
      ];
    };
    expect(words(row("1"), row("2"))).toEqual(["2 succeeded · 5 s", "batch ended", "success"]);
    expect(words(row("1"), row("2", failed))).toEqual([
      ...["1 succeeded, 1 failed · 5 s", "batch ended unsuccessful", "failed"],
    ]);
    const interrupted = row("2", { state: "interrupted" });
    expect(words(row("1"), interrupted)).toEqual([
      ...[
        "1 succeeded, 1 interrupted · 5 s",
        "batch ended unsuccessful interrupted resumable",
        "interrupted",
      ],
    ]);
    expect(words(row("1", { state: "cancelled", attempts: 0 }))).toEqual([
      ...["1 cancelled (1 had not begun) · 5 s", "batch ended unsuccessful resumable", "cancelled"],
    ]);
  });

  it("counts a run that was resumed once, and all that both consumed", () => {
    const usage = { tokens: 10, cost: 0 };
    const resumed = group(
      row("1", { state: "interrupted", resumedBy: "3", usage }),
      row("2", { state: "interrupted", resumedBy: "elsewhere" }),
      row("3", { resumes: "1", usage }),
    );
    expect(figuresOfGroup(resumed)).toMatchObject({
      ...{ total: 2, succeeded: 1, interrupted: 1, usage: { tokens: 20, cost: 0 } },
    });
    expect(batchText(resumed, alone).context).toBe("batch ended unsuccessful");
    expect(counting(resumed).map(({ summary }) => summary.runId)).toEqual(["3", "2"]);
  });

  it("goes on with what was stopped or interrupted, in the order of its tasks", () => {
    const stopped = row("1", { state: "cancelled", resumedBy: "4" });
    const again = row("4", { state: "interrupted", resumes: "1" });
    const rest = [row("2", failed), row("3", { state: "cancelled" }), row("5")];
    const goesOn = unfinished(group(stopped, ...rest, again));
    expect(goesOn.map(({ summary }) => summary.runId)).toEqual(["4", "3"]);
  });

  it("names the folders that its runs are recorded in, where there are several", () => {
    const stock = { ...row("2"), folder: { uri: "file:///stock", name: "stock" } };
    const said = (...rows: RunRow[]) => batchText(group(...rows), { now, folders: true }).description;
    expect(said(row("1"), stock, row("3"))).toMatch(/^w and stock · 3 succeeded · /);
    expect(said(stock)).toMatch(/^stock · 1 succeeded · /);
  });

  it("names up to two agents", () => {
    const of = (...names: string[]) =>
      batchText(
        group(...names.map((name, at) => row(`${at}`, { agent: { file_path: "a.ts", name } }))),
        alone,
      ).label;
    expect(of("A", "B", "A")).toBe("3 tasks for A and B");
    expect(of("A", "B", "default")).toBe("3 tasks for A and 2 others");
  });
});
