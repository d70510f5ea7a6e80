import { IndexerClient } from "../indexer/client.ts";
import { readIndexSettings } from "../model/indexSettings.ts";
import { bundles } from "./bundles.ts";
import { cacheFolder } from "./cacheFolder.ts";
import type { Output } from "./output.ts";
import { folderSettings } from "./settings.ts";

/** The indexer of a folder, with the settings that VS Code would use there. Dispose it. */
export async function openIndexer(
  root: string,
  output: Output,
  { cache = true }: { cache?: boolean } = {},
): Promise<IndexerClient> {
  const { settings, problems } = readIndexSettings(folderSettings(root, output));
  for (const problem of problems) output.note(problem);
  const indexer = new IndexerClient(bundles.indexer, cache ? cacheFolder() : null);
  await indexer.configure(root, settings);
  return indexer;
}
