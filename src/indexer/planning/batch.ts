import { textAfter } from "../../migration/textEdits.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import type { MigrationPlan, PlanOptions, PlanRequest, PlanResult } from "../../model/migrationPlan.ts";
import type { Library } from "../library.ts";
import { planMigration } from "./planner.ts";
import { Surroundings } from "./surroundings.ts";

interface BatchRequest extends Library {
  /** Absolute. */
  root: string;
  requests: readonly PlanRequest[];
  options: PlanOptions;
  signal: AbortSignal;
  readText: (path: string) => string | null | Promise<string | null>;
  /** The class as the index knows it. */
  recordOf: (request: PlanRequest) => AgentRecord | undefined;
}

/** Plans one class after the other, each on what the plans before it leave. */
export async function planMigrations(batch: BatchRequest): Promise<PlanResult[]> {
  const { root, requests, options, signal, coreDir, version } = batch;
  const planned = new Map<string, string>();
  const readText = (path: string) => planned.get(path) ?? batch.readText(path);
  const surroundings = new Surroundings(root, readText, { coreDir, version });
  const results: PlanResult[] = [];
  for (const request of requests) {
    signal.throwIfAborted();
    const record = batch.recordOf(request);
    const result = await planMigration({ ...request, options, surroundings, record });
    if (result.status !== "ready") {
      results.push(result);
      continue;
    }
    const plan = withoutPlanned(result.plan, planned);
    for (const change of plan.changes) planned.set(change.path, textAfter(change));
    results.push({ status: "ready", plan });
  }
  return results;
}

/** Without the files that an earlier plan creates. */
function withoutPlanned(plan: MigrationPlan, planned: ReadonlyMap<string, string>): MigrationPlan {
  const changes = plan.changes.filter(({ path, before }) => before !== null || !planned.has(path));
  return { ...plan, changes };
}
