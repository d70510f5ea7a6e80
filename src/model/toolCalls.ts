import * as z from "zod";

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
}

/** Counts the calls of tools by their names, in the order of their first call. */
export class ToolCounts {
  readonly #tools = new Map<string, ToolCalls>();

  add({ name, ok, durationMs, refused, error }: Called): void {
    const calls = refused ? 0 : 1;
    const failures = ok || refused ? 0 : 1;
    const refusals = refused ? 1 : 0;
    this.merge({
      ...{ name, calls, failures, refusals, durationMs },
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
    });
  }

  get list(): ToolCalls[] {
    return [...this.#tools.values()];
  }
}
