import type { RetentionPolicy } from "./checkpoints.ts";

const dayMs = 86_400_000;

/** What the setting says; undefined where it limits nothing. A limit that is none does not count: nothing is removed by mistake. */
export function retentionOf(setting: unknown): RetentionPolicy | undefined {
  if (typeof setting !== "object" || setting === null) return undefined;
  const { maxCount, maxAgeDays, maxMegabytes } = setting as Record<string, unknown>;
  const policy: RetentionPolicy = {
    ...(isLimit(maxCount) && { maxCount: Math.floor(maxCount) }),
    ...(isLimit(maxAgeDays) && { maxAgeMs: maxAgeDays * dayMs }),
    ...(isLimit(maxMegabytes) && { maxBytes: Math.floor(maxMegabytes * 1e6) }),
  };
  return Object.keys(policy).length === 0 ? undefined : policy;
}

const isLimit = (value: unknown): value is number => typeof value === "number" && value > 0 && value <= 1e9;
