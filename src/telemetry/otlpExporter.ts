import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Tracer,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import type { RunSpans, SpanData } from "./runSpans.ts";

const MOST_WAITING = 8_192;
const EXPORT_MS = 3_000;
const DELAY_MS = 1_000;

export interface OtlpOptions {
  /** As OpenTelemetry counts endpoints: "/v1/traces" is added where it is not there. */
  endpoint: string;
  version: string;
  /** Besides those of `OTEL_EXPORTER_OTLP_HEADERS`. */
  headers?: Record<string, string>;
  /** Told once, of the first export that fails. */
  onTrouble: (sentence: string) => void;
}

/** Sends spans to an endpoint, in portions; what is beyond a bound, or cannot be sent, is dropped. */
export class OtlpExporter {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #random = new RandomIdGenerator();
  /** Of the span of a run, which is the first that is made of its spans. */
  #traceId: string | null = null;
  #spanId: string | null = null;

  constructor({ endpoint, version, headers = {}, onTrouble }: OtlpOptions) {
    const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), headers, timeoutMillis: EXPORT_MS });
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": "opsvi-agents", "service.version": version }),
      idGenerator: {
        generateTraceId: () => this.#traceId ?? this.#random.generateTraceId(),
        generateSpanId: () => {
          const id = this.#spanId ?? this.#random.generateSpanId();
          this.#spanId = null;
          return id;
        },
      },
      spanProcessors: [
        new BatchSpanProcessor(telling(exporter, endpoint, onTrouble), {
          ...{ maxQueueSize: MOST_WAITING, scheduledDelayMillis: DELAY_MS, exportTimeoutMillis: EXPORT_MS },
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer("opsvi-agents", version);
  }

  send({ traceId, spanId, parentId, root }: RunSpans): void {
    this.#traceId = traceId;
    this.#spanId = spanId;
    const parent =
      parentId === null
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            ...{ traceId, spanId: parentId, traceFlags: TraceFlags.SAMPLED, isRemote: true },
          });
    this.#emit(root, parent);
  }

  /** Sends what is left, for so long at most. */
  async close(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.#provider.shutdown().catch(() => undefined), limit]);
    clearTimeout(timer);
  }

  #emit({ name, start, end, attributes, failed, children }: SpanData, parent: Context): void {
    const options = { kind: SpanKind.INTERNAL, startTime: start, attributes };
    const span = this.#tracer.startSpan(name, options, parent);
    for (const child of children) this.#emit(child, trace.setSpan(parent, span));
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(end);
  }
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith("/v1/traces")) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  return url.href;
}

function telling(
  exporter: SpanExporter,
  endpoint: string,
  onTrouble: (sentence: string) => void,
): SpanExporter {
  let told = false;
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        if ((result.code as number) !== 0 && !told) {
          told = true;
          onTrouble(
            `Spans cannot be sent to ${new URL(endpoint).host}; runs go on without: ${result.error?.message ?? "it refused them"}`,
          );
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
