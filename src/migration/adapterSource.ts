import { extname } from "node:path";
import type { AgentRecord } from "../model/agentRecord.ts";
import type { MigrationPlan } from "../model/migrationPlan.ts";
import type { AdapterSource } from "../model/parity.ts";
import { literally } from "./names.ts";
import { textAfter } from "./textEdits.ts";

/** The adapter of a migration that is not applied yet. */
export function plannedAdapter({ adapter, changes }: MigrationPlan): AdapterSource {
  const [first, ...others] = changes;
  if (first === undefined) throw new RangeError("A migration changes at least one file.");
  const changed = others.filter(({ path, before }) => before !== null && isModule(path));
  const planned = [first, ...changed].map((change) => ({ path: change.path, text: textAfter(change) }));
  const inserted = [first, ...changed].flatMap(({ edits }) => edits.map(({ text }) => text)).join("\n");
  return {
    ...{ name: adapter, file: first.path, planned },
    runtime: runtimeSpecifiers(inserted),
    method: methodOf(planned[0]?.text ?? "", adapter),
  };
}

/** The record of the adapter that is written already, the one in the class's own file first. */
export function writtenRecord(
  records: readonly AgentRecord[],
  { file_path, name }: Pick<AgentRecord, "file_path" | "name">,
): AgentRecord | undefined {
  const adapters = records.filter(({ adapts }) => adapts === name);
  return adapters.find((record) => record.file_path === file_path) ?? adapters[0];
}

/** The adapter as it stands in a file. */
export function writtenAdapter(adapter: string, file: string, text: string): AdapterSource {
  return { name: adapter, file, planned: [], runtime: [], method: methodOf(text, adapter) };
}

const isModule = (path: string): boolean => /^\.[cm]?[jt]sx?$/i.test(extname(path));

/** `opsvi-agents/core`, `../opsvi-agents/core.mjs` */
function runtimeSpecifiers(text: string): string[] {
  const found = text.matchAll(/(["'])((?:opsvi-agents|\.{1,2}\/[^"'\n]*)\/core(?:\.[cm]?[jt]s)?)\1/g);
  return [...new Set([...found].map(([, , specifier = ""]) => specifier))];
}

/** The method that an adapter class names in its options, where names alone do not tell. */
function methodOf(text: string, adapter: string): string | null {
  const start = text.search(new RegExp(`\\bclass\\s+${literally(adapter)}(?![\\w$])`));
  if (start === -1) return null;
  const options = text.slice(start, text.indexOf("agentType", start) + 1_000);
  return (
    /^[^}]*?\bmethod:\s*(["'])([^"'\n]+)\1/.exec(options.slice(options.indexOf("agentType")))?.[2] ?? null
  );
}
