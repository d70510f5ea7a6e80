import { InvalidArgumentError } from "commander";
import type { RetentionPolicy } from "../model/checkpoints.ts";
import { byteCount, duration } from "./checkpoints/sizes.ts";
import { wholeNumber } from "./wholeNumber.ts";

const limits = {
  "max-count": ["maxCount", wholeNumber(1)],
  "max-age": ["maxAgeMs", duration],
  "max-bytes": ["maxBytes", byteCount],
} as const;

export const RETENTION_OPTION = [
  "--retention <limits>",
  "which checkpoints of each agent stay when runs save new ones, for example max-count=200,max-age=30d,max-bytes=500MB (default: all)",
  retention,
] as const;

/** "max-count=200,max-age=30d", by the names that `checkpoints prune` has. */
export function retention(text: string): RetentionPolicy {
  const policy: RetentionPolicy = {};
  for (const part of text.split(",")) {
    const [, name = "", value = ""] = /^([a-z-]+)=(.+)$/.exec(part.trim()) ?? [];
    if (!Object.hasOwn(limits, name))
      throw new InvalidArgumentError(
        "It takes some of max-count=N, max-age=TIME and max-bytes=SIZE, with commas between them.",
      );
    const [limit, read] = limits[name as keyof typeof limits];
    if (policy[limit] !== undefined) throw new InvalidArgumentError(`It takes ${name} once.`);
    policy[limit] = read(value);
    // Whoever wants none to stay says so to `checkpoints prune`.
    if (policy[limit] === 0) throw new InvalidArgumentError(`${name} is above 0.`);
  }
  return policy;
}
