import { countText, durationText, memoryText, percentText } from "../../model/figureText.ts";
import type { Bucket, PerformanceView } from "../../model/performance.ts";
import { Chart, type ChartSeries } from "./chart.tsx";

const most = (values: readonly (number | null)[]): number =>
  values.reduce<number>((greatest, value) => Math.max(greatest, value ?? 0), 0);

/** "Ended runs", for slices of 5 minutes */
const perSlice = (ms: number): string => (ms >= 86_400_000 ? `${ms / 86_400_000} d` : durationText(ms));

export function Charts({ buckets, bucketMs, total, parallel }: PerformanceView) {
  const times = buckets.map(({ from }) => from);
  const of = <K extends keyof Bucket>(key: K) => buckets.map((bucket) => bucket[key]);
  const line = (
    label: string,
    key:
      "p50Ms" | "p95Ms" | "p99Ms" | "errorRate" | "queueP50Ms" | "queueP95Ms" | "memoryBytes" | "efficiency",
    colour: string,
  ): ChartSeries => ({
    ...{ label, values: of(key), colour: `--vscode-charts-${colour}`, shape: "line" },
  });
  const { duration, queue, memory, succeeded, failed, interrupted, errorRate } = total;
  const slice = perSlice(bucketMs);
  return (
    <div class="charts">
      <Chart
        title={`Runs per ${slice}`}
        summary={`${succeeded} succeeded and ${failed + interrupted} failed, at most ${most(buckets.map((bucket) => bucket.succeeded + bucket.failed))} in ${slice}.`}
        times={times}
        series={[
          { label: "Succeeded", values: of("succeeded"), colour: "--vscode-charts-green", shape: "bars" },
          { label: "Failed", values: of("failed"), colour: "--vscode-charts-red", shape: "bars" },
        ]}
        format={countText}
      />
      <Chart
        title="Duration"
        summary={
          duration === null
            ? "Nothing was measured."
            : `In all p50 ${durationText(duration.p50Ms)}, p95 ${durationText(duration.p95Ms)}, p99 ${durationText(duration.p99Ms)}; p95 at most ${durationText(most(of("p95Ms")))} in ${slice}.`
        }
        times={times}
        series={[line("p50", "p50Ms", "blue"), line("p95", "p95Ms", "purple"), line("p99", "p99Ms", "red")]}
        format={durationText}
      />
      <Chart
        title="Error rate"
        summary={`${percentText(errorRate)} in all, at most ${percentText(most(of("errorRate")))} in ${slice}.`}
        times={times}
        series={[line("Error rate", "errorRate", "red")]}
        format={percentText}
        most={1}
      />
      <Chart
        title="At work and waiting"
        summary={`On average at most ${countText(most(of("atWork")))} at work and ${countText(most(of("waiting")))} waiting in ${slice}; never more than ${parallel.peak} at work.`}
        times={times}
        series={[
          { label: "At work", values: of("atWork"), colour: "--vscode-charts-blue", shape: "area" },
          { label: "Waiting", values: of("waiting"), colour: "--vscode-charts-yellow", shape: "area" },
        ]}
        format={(value) => (value > 0 && value < 0.1 ? value.toPrecision(1) : countText(value))}
      />
      <Chart
        title="Time in the queue"
        summary={
          queue === null
            ? "Nothing was measured."
            : `In all p50 ${durationText(queue.p50Ms)}, p95 ${durationText(queue.p95Ms)}; p95 at most ${durationText(most(of("queueP95Ms")))} in ${slice}.`
        }
        times={times}
        series={[line("p50", "queueP50Ms", "blue"), line("p95", "queueP95Ms", "purple")]}
        format={durationText}
      />
      <Chart
        title={`Retries per ${slice}`}
        summary={`${countText(total.retries)} in all, of ${countText(total.retried)} runs; ${countText(total.rescued)} of these then succeeded.`}
        times={times}
        series={[
          { label: "Retries", values: of("retries"), colour: "--vscode-charts-orange", shape: "bars" },
        ]}
        format={countText}
      />
      <Chart
        title="Memory"
        summary={
          memory === null
            ? "Nothing was measured."
            : `The most that one run held was ${memoryText(memory.maxBytes)}; on average ${memoryText(memory.meanBytes)}.`
        }
        times={times}
        series={[line("Most of one run", "memoryBytes", "purple")]}
        format={memoryText}
      />
      <Chart
        title="Parallel efficiency"
        summary={`${percentText(parallel.efficiency)} in all: work of ${durationText(parallel.workMs)} in ${durationText(parallel.wallMs)}, at most ${countText(parallel.peak)} at a time.`}
        times={times}
        series={[line("Parallel efficiency", "efficiency", "green")]}
        format={percentText}
        most={1}
      />
    </div>
  );
}
