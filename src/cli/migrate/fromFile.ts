import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { isWithin } from "../../migration/packageFacts.ts";
import { slashes } from "../../migration/runtimeImport.ts";
import { classKey, type MigratedClass } from "../../migration/migratedClass.ts";
import { UserError } from "../../model/userError.ts";
import { discoverAgents } from "../../runtime/registry/discover.ts";
import type { DiscoveredAgent, Discovery } from "../../runtime/registry/types.ts";
import { StoreError } from "../../runtime/storeError.ts";
import type { Output } from "../output.ts";

/** A line of an index file: the class it names, or why nothing is done for it. */
export type Line = MigratedClass & { skipped: string | null };

/**
 * The classes that an index file names, in its order. What else the lines say of them is not believed: the index of the
 * folder judges. Lines that cannot be read are noted.
 */
export function linesOf(root: string, file: string, output: Output): Line[] {
  const { agents, lines, skipped, warnings } = read(resolve(file));
  for (const warning of warnings) output.note(warning);
  if (agents.length === 0) {
    const why = skipped === 0 ? "" : `, and ${skipped} of its ${lines} lines cannot be read`;
    throw new UserError(
      `${file} names no class${why}: give a file with one class a line, as "opsvi-agents index DIR --write" writes it.`,
    );
  }
  const seen = new Set<string>();
  return agents.map((agent) => {
    const path = resolve(root, agent.file);
    const file_path = slashes(relative(root, path));
    const line = { file_path, name: agent.name };
    const twice = seen.has(classKey(line));
    seen.add(classKey(line));
    return { ...line, skipped: whySkipped(root, path, agent) ?? (twice ? "The file names it twice." : null) };
  });
}

function read(file: string): Discovery {
  try {
    return discoverAgents(file);
  } catch (error) {
    throw error instanceof StoreError ? new UserError(error.message, { cause: error }) : error;
  }
}

function whySkipped(root: string, path: string, { file, language }: DiscoveredAgent): string | null {
  if (language !== "typescript" && language !== "javascript") {
    return `It is neither TypeScript nor JavaScript: ${file} is ${language === "unknown" ? "of no known language" : language}.`;
  }
  if (!isWithin(root, path)) return `${file} lies outside the folder.`;
  return existsSync(path) ? null : `${file} is not found.`;
}
