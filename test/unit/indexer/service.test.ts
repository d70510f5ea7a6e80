import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { IndexerService } from "../../../src/indexer/service.ts";
import { emptyFolder, project } from "./project.ts";

afterEach(() => vi.useRealTimers());

// Vitest fails where a rejection is handled by nobody; in the indexer's thread it would end the thread.
it("A cache that is to be written when the user cancels is written later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const cacheFolder = join(emptyFolder(), "cache");
  const bundle = join(import.meta.dirname, "../../../src/indexer/worker.ts");
  const service = new IndexerService({ bundle, cacheFolder }, () => undefined);
  const root = project({ "a.ts": "export class TaxAgent { run(task: string) {} }" });
  await service.index(root);
  const update = service.update(root, [{ path: join(root, "b.ts"), text: null }]);
  vi.advanceTimersByTime(5_000);
  await service.cancel(root);
  await expect(update).rejects.toMatchObject({ name: "AbortError" });
  await service.index(root);
  vi.advanceTimersByTime(5_000);
  await service.remember(root);
  expect(readdirSync(cacheFolder)).toHaveLength(1);
});
