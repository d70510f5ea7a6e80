import type { BatchRow, BatchSummary } from "../model/batch.ts";
import { counted } from "../model/counted.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { shortId } from "../model/runId.ts";
import { seconds } from "../model/seconds.ts";
import { NO_USAGE, usageText } from "../model/usage.ts";
import { figuresOf } from "../runs/batch/row.ts";
import { progressText, summaryText } from "../runs/batch/sentences.ts";
import { answerCommandFor } from "./answerText.ts";
import type { Output } from "./output.ts";

/** After so long without a word it is said how far the batch is. */
const SILENCE_MS = 10_000;
const STATE_WIDTH = "interrupted".length;

/** Tells a batch on standard error: a line for each run that ends, and what came of all. */
export class BatchTable {
  readonly #batch: string;
  readonly #rows: readonly BatchRow[];
  readonly #labels: readonly string[];
  readonly #output: Output;
  readonly #agentWidth: number;
  readonly #labelWidth: number;
  #ended = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param labels what the rows are called, for example "line 3" */
  constructor(batch: string, rows: readonly BatchRow[], labels: readonly string[], output: Output) {
    this.#batch = batch;
    this.#rows = rows;
    this.#labels = labels;
    this.#output = output;
    this.#agentWidth = Math.max(0, ...rows.map((row) => agentText(row.agent).length));
    this.#labelWidth = Math.max(0, ...labels.map((label) => label.length));
  }

  begin(concurrency: number): void {
    this.#note(`${counted(this.#rows.length, "task")}, ${concurrency} at a time, as batch ${this.#batch}`);
  }

  hear(event: RunEvent, row: BatchRow): void {
    if (event.type === "question") {
      this.#note(this.#cells(row, `asks: ${event.question.message}`));
      this.#note(`The run waits: answer with ${answerCommandFor(event.runId, event.question)}`);
    }
    if (event.type !== "finished") return;
    this.#ended += 1;
    // Those that a cancel leaves waiting stand in the summary.
    if (event.status === "cancelled" && event.attempts === 0) return;
    this.#note(this.#cells(row, endText(row)));
  }

  end(summary: BatchSummary): void {
    this.dispose();
    this.#output.note(summaryText(summary));
    const failed = this.#rows.find(({ state }) => state === "failed" || state === "interrupted");
    if (failed?.runId) {
      const id = shortId(failed.runId);
      this.#output.note(`opsvi-agents runs show ${id} --log tells more of the first that failed.`);
    }
    if (summary.cancelled + summary.interrupted > 0)
      this.#output.note(
        `opsvi-agents runs resume ${this.#batch} goes on with what was cancelled or interrupted.`,
      );
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #note(text: string): void {
    this.#output.note(text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#note(progressText(figuresOf(this.#rows))), SILENCE_MS);
  }

  #cells({ index, state, agent, runId, durationMs }: BatchRow, told: string): string {
    const total = `${this.#rows.length}`;
    return [
      state.padEnd(STATE_WIDTH),
      `${`${this.#ended}`.padStart(total.length)}/${total}`,
      (this.#labels[index] ?? "").padEnd(this.#labelWidth),
      agentText(agent).padEnd(this.#agentWidth),
      shortId(runId ?? ""),
      (durationMs === null ? "" : seconds(durationMs)).padStart(8),
      told,
    ]
      .join("  ")
      .trimEnd();
  }
}

const agentText = ({ file_path, name }: BatchRow["agent"]): string => `${file_path}#${name}`;

function endText({ error, usage }: BatchRow): string {
  const failure = error === null ? "" : `${error.name}: ${error.message.split("\n", 1)[0] ?? ""}`;
  return [failure, usageText(usage ?? NO_USAGE)].filter(Boolean).join("  ");
}
