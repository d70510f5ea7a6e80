import { join } from "node:path";
import { IndexerClient } from "../../src/indexer/client.ts";

// node indexMemory.ts ROOT: indexes a folder in this process and tells the most memory it ever held, and before, in bytes.
const [root = ""] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const client = new IndexerClient(join(import.meta.dirname, "../../dist/indexer.cjs"));
const { files } = await client.index(root);
const peak = process.resourceUsage().maxRSS * 1024;
await client.dispose();
process.stdout.write(JSON.stringify({ files, before, peak }));
