import type { MigrationPlan, PlanRequest, PlanResult } from "../model/migrationPlan.ts";
import { groupBy } from "./names.ts";

export interface PlanAll {
  requests: readonly PlanRequest[];
  /** The indexer's. */
  plan: (requests: PlanRequest[]) => Promise<PlanResult[]>;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Planned {
  request: PlanRequest;
  result: PlanResult;
}

const FILES_AT_ONCE = 10;

/**
 * Plans many classes, a few files at a time, so that there is progress and an end. The plans build on one another; they
 * come by file, in the order in which the files are asked for first.
 */
export async function planAll({ requests, plan, signal, onProgress }: PlanAll): Promise<Planned[]> {
  const files = [...groupBy(requests, ({ file }) => file).values()];
  const planned: Planned[] = [];
  const seen = new Set<string>();
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    signal?.throwIfAborted();
    const some = files.slice(start, start + FILES_AT_ONCE).flat();
    const results = await plan(some);
    const paths = new Set<string>();
    some.forEach((request, index) => {
      const result = results[index];
      if (result === undefined) throw new Error("The indexer left out an answer.");
      if (result.status !== "ready") return void planned.push({ request, result });
      const needed = withoutShared(result.plan, seen);
      for (const { path } of needed.changes) paths.add(path);
      planned.push({ request, result: { status: "ready", plan: needed } });
    });
    for (const path of paths) seen.add(path);
    onProgress?.(planned.length, requests.length);
  }
  return planned;
}

/** The plans of those that are ready. */
export function plansOf(planned: readonly { result: PlanResult }[]): MigrationPlan[] {
  return planned.flatMap(({ result }) => (result.status === "ready" ? [result.plan] : []));
}

/** Without what plans before the last call have created or added already: the runtime, or its line in a package.json. */
function withoutShared(plan: MigrationPlan, seen: ReadonlySet<string>): MigrationPlan {
  return { ...plan, changes: plan.changes.filter(({ path }) => !seen.has(path)) };
}
