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
  readonly #rows: readonly BatchRow[];
  readonly #output: Output;
  readonly #agentWidth: number;
  readonly #lineWidth: number;
  #ended = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param lastLine the highest number of a line */
  constructor(rows: readonly BatchRow[], lastLine: number, output: Output) {
    this.#rows = rows;
    this.#output = output;
    this.#agentWidth = Math.max(0, ...rows.map((row) => agentText(row.agent).length));
    this.#lineWidth = `line ${lastLine}`.length;
  }

  begin(concurrency: number): void {
    this.#note(`${counted(this.#rows.length, "task")}, ${concurrency} at a time`);
  }

  hear(event: RunEvent, row: BatchRow, line: number): void {
    if (event.type === "question") {
      this.#note(this.#cells(row, line, `asks: ${event.question.message}`));
      this.#note(`The run waits: answer with ${answerCommandFor(event.runId, event.question)}`);
    }
    if (event.type !== "finished") return;
    this.#ended += 1;
    // Those that a cancel leaves waiting stand in the summary.
    if (event.status === "cancelled" && event.attempts === 0) return;
    this.#note(this.#cells(row, line, endText(row)));
  }

  end(summary: BatchSummary): void {
    this.dispose();
    this.#output.note(summaryText(summary));
    const failed = this.#rows.find(({ state }) => state === "failed" || state === "interrupted");
    if (failed?.runId) {
      const id = shortId(failed.runId);
      this.#output.note(`opsvi-agents runs show ${id} --log tells more of the first that failed.`);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #note(text: string): void {
    this.#output.note(text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#note(progressText(figuresOf(this.#rows))), SILENCE_MS);
  }

  #cells({ state, agent, runId, durationMs }: BatchRow, line: number, told: string): string {
    const total = `${this.#rows.length}`;
    return [
      state.padEnd(STATE_WIDTH),
      `${`${this.#ended}`.padStart(total.length)}/${total}`,
      `line ${line}`.padEnd(this.#lineWidth),
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
