import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser/lib/esm/main.js";
import { IndexerClient } from "../indexer/client.ts";
import { readIndexSettings } from "../model/indexSettings.ts";
import { bundles } from "./bundles.ts";
import { cacheFolder } from "./cacheFolder.ts";
import type { Output } from "./output.ts";

/** The indexer of a folder, with the settings that VS Code would use there. Dispose it. */
export async function openIndexer(
  root: string,
  output: Output,
  { cache = true }: { cache?: boolean } = {},
): Promise<IndexerClient> {
  const { settings, problems } = readIndexSettings(settingsOf(root, output));
  for (const problem of problems) output.note(problem);
  const indexer = new IndexerClient(bundles.indexer, cache ? cacheFolder() : null);
  await indexer.configure(root, settings);
  return indexer;
}

function settingsOf(root: string, output: Output): (id: string) => unknown {
  const path = join(root, ".vscode", "settings.json");
  if (!existsSync(path)) return () => undefined;
  const errors: ParseError[] = [];
  const text = readFileSync(path, "utf8");
  const found: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split("\n").length;
    output.note(
      `.vscode/settings.json has an error in line ${line} (${printParseErrorCode(error.error)}): it is read as far as it can be.`,
    );
  }
  const values = new Map<string, unknown>(
    typeof found === "object" && found !== null ? Object.entries(found) : [],
  );
  return (id) => values.get(id);
}
