import type { RunEvent } from "../model/runRecord.ts";
import { runSpans, type RunSpans } from "./runSpans.ts";

const TOLD: ReadonlySet<RunEvent["type"]> = new Set(["queued", "started", "tool", "retry", "finished"]);
/** The later ones of a run that calls tools and fails more often are left out. */
const MOST_EVENTS = 2_000;

/** Gathers what runs say until they end, as far as spans are made of it. */
export class EndedRuns {
  readonly #runs = new Map<string, RunEvent[]>();

  /**
   * The spans of the run that ends with this event; null for all other events.
   * @param content whether spans tell task, result and messages of errors
   */
  hear(event: RunEvent, content = false): RunSpans | null {
    if (!TOLD.has(event.type)) return null;
    const events = this.#runs.get(event.runId) ?? [];
    this.#runs.set(event.runId, events);
    const isEnd = event.type === "finished";
    if (isEnd || events.length < MOST_EVENTS) events.push(event);
    if (!isEnd) return null;
    this.#runs.delete(event.runId);
    return runSpans(events, content);
  }
}
