import { StoreError, storeError } from "../storeError.ts";
import { readLine, UnreadableLine } from "./indexLine.ts";
import { linesOf } from "./lines.ts";
import type { DiscoveredAgent, DiscoverOptions, Discovery } from "./types.ts";

const longestMebibytes = 8;

/**
 * Reads the classes that an index file (`.proj-intel/agent_architecture.jsonl`) names. Lines of other programs, which
 * have less in them, are read too; lines that cannot be read are skipped and named. The file is read line by line.
 * Throws a {@link StoreError} where the file is missing or cannot be read.
 */
export function discoverAgents(indexFile: string, options: DiscoverOptions = {}): Discovery {
  const { filter, mostWarnings = 10 } = options;
  const agents: DiscoveredAgent[] = [];
  const warnings: string[] = [];
  let lines = 0;
  let skipped = 0;
  for (const { number, text } of readable(indexFile)) {
    if (text?.trim() === "") continue;
    lines += 1;
    try {
      if (text === null) throw new UnreadableLine(`it is longer than ${longestMebibytes} MiB`);
      const agent = readLine(text);
      if (agent !== null && (filter?.(agent) ?? true)) agents.push(agent);
    } catch (error) {
      if (!(error instanceof UnreadableLine)) throw error;
      skipped += 1;
      if (skipped <= mostWarnings)
        warnings.push(`Line ${number} of ${indexFile} was skipped: ${error.message}.`);
    }
  }
  const more = skipped - warnings.length;
  if (more > 0)
    warnings.push(`${more} more ${more === 1 ? "line" : "lines"} of ${indexFile} cannot be read.`);
  return { agents, lines, skipped, warnings };
}

/** The lines, with errors of the file system as sentences. */
function* readable(indexFile: string): ReturnType<typeof linesOf> {
  const lines = linesOf(indexFile, longestMebibytes * 2 ** 20);
  try {
    for (;;) {
      let turn;
      try {
        turn = lines.next();
      } catch (error) {
        throw notRead(indexFile, error);
      }
      if (turn.done === true) return;
      yield turn.value;
    }
  } finally {
    lines.return();
  }
}

function notRead(indexFile: string, error: unknown): StoreError {
  if ((error as { code?: string }).code !== "ENOENT") {
    return storeError(`The index ${indexFile} cannot be read`, error);
  }
  return new StoreError(
    `There is no index at ${indexFile}: make it with "opsvi-agents index DIR --write", which writes DIR/.proj-intel/agent_architecture.jsonl.`,
    { cause: error },
  );
}
