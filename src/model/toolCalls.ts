import * as z from "zod";
import { addCounts, countOf, DurationCounts } from "./durationCounts.ts";

/** What became of the calls of one tool. */
export const ToolCalls = z.object({
  name: z.string(),
  /** Those that were let through. */
  calls: z.number(),
  /** Those of them that failed. */
  failures: z.number(),
  /** Calls that were refused; not among `calls`. */
  refusals: z.number(),
  /** Of all calls together, in milliseconds. */
  durationMs: z.number(),
  /** Of each call that was let through; not there in older records. */
  durations: DurationCounts.optional().catch(undefined),
  /** The most that the thread held when a call ended; not there in older records. */
  memoryBytes: z.number().optional().catch(undefined),
  /** Of the last call that failed or was refused. */
  lastError: z.string().optional(),
});
export type ToolCalls = z.infer<typeof ToolCalls>;

interface Called {
  name: string;
  ok: boolean;
  durationMs: number;
  refused?: true | undefined;
  error?: string | undefined;
  memoryBytes?: number | undefined;
}

/** Counts the calls of tools by their names, in the order of their first call. */
export class ToolCounts {
  readonly #tools = new Map<string, ToolCalls>();

  add({ name, ok, durationMs, refused, error, memoryBytes }: Called): void {
    const calls = refused ? 0 : 1;
    const failures = ok || refused ? 0 : 1;
    const refusals = refused ? 1 : 0;
    this.merge({
      ...{ name, calls, failures, refusals, durationMs },
      ...(!refused && { durations: countOf(durationMs) }),
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(!ok && error !== undefined && { lastError: error }),
    });
  }

  /** What came later counts as the last. */
  merge(later: ToolCalls): void {
    const known = this.#tools.get(later.name);
    if (known === undefined) return void this.#tools.set(later.name, later);
    this.#tools.set(later.name, {
      ...known,
      ...later,
      calls: known.calls + later.calls,
      failures: known.failures + later.failures,
      refusals: known.refusals + later.refusals,
      durationMs: known.durationMs + later.durationMs,
      durations: durationsOf([known, later]),
      ...mostHeld([known, later]),
    });
  }

  get list(): ToolCalls[] {
    return [...this.#tools.values()];
  }
}

/** The most of what they tell. */
export function mostHeld(tools: readonly Pick<ToolCalls, "memoryBytes">[]): { memoryBytes?: number } {
  const told = tools.flatMap(({ memoryBytes }) => (memoryBytes === undefined ? [] : [memoryBytes]));
  return told.length === 0 ? {} : { memoryBytes: Math.max(...told) };
}

/** Of all of them together; undefined where some of them do not tell of their calls. */
export function durationsOf(tools: readonly ToolCalls[]): DurationCounts | undefined {
  const told = tools.filter(({ calls }) => calls > 0).map(({ durations }) => durations);
  const known = told.filter((each) => each !== undefined);
  return known.length === 0 || known.length < told.length ? undefined : addCounts(...known);
}
