import * as z from "zod";

const MIB = 1024 * 1024;

/** What a run may use up: beyond its time, memory or result it fails, beyond its log the rest of that is not kept. */
export const RunLimits = z.object({
  /** Null for no limit. */
  timeoutMs: z.number().positive().nullable(),
  /** The agent's heap, in MiB. */
  memoryMb: z.number().int().positive(),
  /** What the agent writes to standard output and error together, in MiB. */
  logMb: z.number().positive(),
  /** What the agent returns, written as JSON, in MiB. */
  resultMb: z.number().positive(),
});
export type RunLimits = z.infer<typeof RunLimits>;

export const usualLimits: RunLimits = { timeoutMs: null, memoryMb: 1024, logMb: 8, resultMb: 16 };

/** @param limits left out where the usual ones count */
export function limitsWith(limits: { [K in keyof RunLimits]?: RunLimits[K] | undefined }): RunLimits {
  return {
    timeoutMs: limits.timeoutMs ?? usualLimits.timeoutMs,
    memoryMb: limits.memoryMb ?? usualLimits.memoryMb,
    logMb: limits.logMb ?? usualLimits.logMb,
    resultMb: limits.resultMb ?? usualLimits.resultMb,
  };
}

export const inBytes = (mb: number): number => Math.round(mb * MIB);

/** Such as "8 MiB" or "0.5 MiB". */
export const mebibytes = (mb: number): string =>
  `${mb.toLocaleString("en", { maximumFractionDigits: 3 })} MiB`;
