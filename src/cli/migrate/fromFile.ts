import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PlanRequest } from "../../model/migrationPlan.ts";
import { discoverAgents } from "../../runtime/registry/discover.ts";
import type { DiscoveredAgent } from "../../runtime/registry/types.ts";
import { isWithin } from "../../migration/packageFacts.ts";
import type { Output } from "../output.ts";

/** A line of an index file: what it asks for, or why nothing is done for it. */
export type Line = DiscoveredAgent & ({ request: PlanRequest } | { skipped: string });

/** The classes that an index file names, in its order. Lines that cannot be read are noted. */
export function linesOf(root: string, file: string, output: Output): Line[] {
  const { agents, warnings } = discoverAgents(resolve(file));
  for (const warning of warnings) output.note(warning);
  const seen = new Set<string>();
  return agents.map((agent) => {
    const key = `${agent.file}#${agent.name}`;
    const skipped = whySkipped(root, agent) ?? (seen.has(key) ? "The file names it twice." : null);
    seen.add(key);
    if (skipped !== null) return { ...agent, skipped };
    return { ...agent, request: { file: join(root, agent.file), name: agent.name } };
  });
}

function whySkipped(
  root: string,
  { file, name, language, isAgent, reason, adapts }: DiscoveredAgent,
): string | null {
  if (language !== "typescript" && language !== "javascript") {
    return `It is neither TypeScript nor JavaScript: ${file} is ${language === "unknown" ? "of no known language" : language}.`;
  }
  const path = join(root, file);
  if (!isWithin(root, path)) return `${file} lies outside the folder.`;
  if (!existsSync(path)) return `${file} is not found.`;
  if (!isAgent) return `It is not an agent: ${reason ?? "the index says so"}.`;
  return adapts === null ? null : `${name} is the adapter of ${adapts}.`;
}
