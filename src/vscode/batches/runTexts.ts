import pLimit from "p-limit";
import * as vscode from "vscode";
import type { RunEvent } from "../../model/runRecord.ts";
import { readEnds } from "../../runs/history/listRuns.ts";
import { isActive, type RunRow } from "../runs/row.ts";

/** What a table tells of a run and its summary does not, as JSON. */
export interface RunText {
  task: string | null;
  /** Null as long as there is none, and where it failed. */
  output: string | null;
}

const AT_ONCE = 8;
const LONGEST = 500;

/** Reads from records what was asked for and answered, once each. */
export class RunTexts {
  readonly #known = new Map<string, RunText & { ended: boolean }>();
  readonly #limit = pLimit(AT_ONCE);

  /** Shortened, in the order of the rows. */
  async of(rows: readonly RunRow[]): Promise<RunText[]> {
    // What is shown no more is forgotten.
    const ids = new Set(rows.map(({ summary }) => summary.runId));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    return Promise.all(
      rows.map(async (row) => {
        const ended = !isActive(row);
        const known = this.#known.get(row.summary.runId);
        if (known !== undefined && (known.ended || !ended)) return known;
        const { task, output } = await this.#limit(() => readRunText(row));
        const text = { task: shortened(task), output: shortened(output), ended };
        if (text.task !== null) this.#known.set(row.summary.runId, text);
        return text;
      }),
    );
  }

  /** Whole, in the order of the rows. */
  whole(rows: readonly RunRow[]): Promise<RunText[]> {
    return Promise.all(rows.map((row) => this.#limit(() => readRunText(row))));
  }
}

async function readRunText({ folder, summary }: RunRow): Promise<RunText> {
  const root = vscode.Uri.parse(folder.uri).fsPath;
  const events = await readEnds(root, summary.runId).catch((): RunEvent[] => []);
  const [queued] = events;
  const finished = events.findLast((event) => event.type === "finished");
  return {
    task: queued?.type === "queued" ? json(queued.task) : null,
    output: finished?.output === undefined ? null : json(finished.output),
  };
}

const json = (value: unknown): string => JSON.stringify(value ?? null);

const shortened = (text: string | null): string | null =>
  text !== null && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
