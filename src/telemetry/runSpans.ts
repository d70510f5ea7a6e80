import { isPipelineFile } from "../model/pipeline.ts";
import type { RunEvent } from "../model/runRecord.ts";
import { redact } from "../runtime/index.ts";

export interface SpanData {
  name: string;
  /** In ms since 1970. */
  start: number;
  end: number;
  attributes: Record<string, string | number | boolean>;
  failed: boolean;
  children: SpanData[];
}

/** The spans of one run, and where they belong. */
export interface RunSpans {
  traceId: string;
  spanId: string;
  /** Of the pipeline that it is a step of. */
  parentId: string | null;
  root: SpanData;
}

const MOST_CHARACTERS = 8_192;

/**
 * A run as a span, its attempts below it and the calls of tools below these; null for what is no whole run. That of a
 * pipeline has its steps below it, which are runs themselves. The names are those of OpenTelemetry's conventions for
 * generative AI where it has some. Of task, result and messages of errors nothing is told unless `content` says so, and
 * never a secret.
 */
export function runSpans(events: readonly RunEvent[], content = false): RunSpans | null {
  const [queued] = events;
  const finished = events.find((event) => event.type === "finished");
  if (queued?.type !== "queued" || finished === undefined) return null;
  const { runId, agent, batch, step, tool } = queued;
  const error = finished.error;
  const end = Date.parse(finished.time);
  const begun = events.find((event) => event.type === "started")?.time;
  const isPipeline = isPipelineFile(agent.file_path);
  const operation = tool !== undefined ? "execute_tool" : isPipeline ? "invoke_workflow" : "invoke_agent";
  const root: SpanData = {
    name: `${operation} ${tool ?? agent.name}`,
    ...{ start: Date.parse(queued.time), end, failed: finished.status !== "success" },
    attributes: {
      "gen_ai.operation.name": operation,
      "gen_ai.agent.name": agent.name,
      "code.file.path": agent.file_path,
      "opsvi.run.id": runId,
      "opsvi.run.status": finished.status,
      "opsvi.run.attempts": finished.attempts,
      ...(tool !== undefined && { "gen_ai.tool.name": tool }),
      ...(begun !== undefined && { "opsvi.run.queue_ms": Date.parse(begun) - Date.parse(queued.time) }),
      ...(batch !== undefined && step === undefined && { "opsvi.batch.id": batch }),
      ...(step !== undefined && { "opsvi.pipeline.step": step }),
      ...(finished.usage && {
        "opsvi.usage.tokens": finished.usage.tokens,
        "opsvi.usage.cost": finished.usage.cost,
      }),
      ...(finished.use && { "opsvi.run.memory_bytes": finished.use.memoryBytes }),
      ...errorOf(error, content),
      ...(content && {
        "opsvi.run.task": textOf(queued.task),
        "opsvi.run.result": textOf(finished.output ?? null),
      }),
    },
    children: begun === undefined || isPipeline ? [] : attempts(events, Date.parse(begun), end, content),
  };
  const trace = step === undefined ? runId : (batch ?? runId);
  const parentId = step === undefined || batch === undefined ? null : spanIdOf(batch);
  return { traceId: hexOf(trace), spanId: spanIdOf(runId), parentId, root };
}

function attempts(events: readonly RunEvent[], begun: number, end: number, content: boolean): SpanData[] {
  const spans: SpanData[] = [];
  let start = begun;
  let calls: SpanData[] = [];
  const close = (at: number, failed: boolean, attributes: SpanData["attributes"]) => {
    const name = `attempt ${spans.length + 1}`;
    spans.push({ name, start: Math.min(start, at), end: at, failed, attributes, children: calls });
    calls = [];
  };
  for (const event of events) {
    const at = Date.parse(event.time);
    if (event.type === "tool") {
      const { name, ok, durationMs } = event;
      const attributes = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name };
      const begin = Math.max(start, at - durationMs);
      calls.push({
        name: `execute_tool ${name}`,
        start: begin,
        end: at,
        failed: !ok,
        attributes,
        children: [],
      });
    } else if (event.type === "retry") {
      close(at, true, errorOf(event.error, content));
      start = at + event.delayMs;
    } else if (event.type === "finished") {
      close(end, event.status !== "success", errorOf(event.error, content));
    }
  }
  return spans;
}

function errorOf(
  error: { name: string; message: string; signature?: string | undefined } | undefined,
  content: boolean,
): SpanData["attributes"] {
  if (error === undefined) return {};
  return {
    "error.type": error.name,
    ...(error.signature !== undefined && { "opsvi.error.signature": error.signature }),
    ...(content && { "error.message": textOf(error.message) }),
  };
}

function textOf(value: unknown): string {
  const { value: safe } = redact(value);
  return (typeof safe === "string" ? safe : JSON.stringify(safe)).slice(0, MOST_CHARACTERS);
}

/** Ids of runs are as long as those of traces; their end tells them apart. */
const hexOf = (runId: string): string => runId.replaceAll("-", "").toLowerCase();
const spanIdOf = (runId: string): string => hexOf(runId).slice(-16);
