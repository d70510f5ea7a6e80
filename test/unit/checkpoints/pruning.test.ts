import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckpointWriter } from "../../../src/checkpoints/change/writer.ts";
import { CheckpointService } from "../../../src/checkpoints/service.ts";
import { FileCheckpointStore, type CheckpointDraft } from "../../../src/runtime/index.ts";

let root: string;
let store: FileCheckpointStore;
let told: (done: number, total: number) => void;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pruning-"));
  store = new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"), { onWarning: () => undefined });
  told = () => undefined;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const save = (more: Partial<CheckpointDraft> = {}): string =>
  store.save({
    ...{ agent: "A", agentType: "custom", label: null, state: "ready", context: { n: 1 }, task: null },
    ...{ parentId: null, runId: null, ...more },
  }).id;
const saved = (count: number, more: Partial<CheckpointDraft> = {}): string[] =>
  Array.from({ length: count }, () => save(more));
const left = (agent = "A"): string[] =>
  readdirSync(join(root, ".proj-intel", "checkpoints", agent))
    .filter((name) => /^[0-9a-f-]{36}\.json$/.test(name))
    .map((name) => name.slice(0, 36))
    .sort();

function opened(): CheckpointService {
  const service = new CheckpointService({
    changed: () => undefined,
    progress: (_, done, total) => told(done, total),
    found: () => undefined,
  });
  service.open([{ folder: "f", path: root, name: "f" }]);
  return service;
}

const request = (maxCount: number, agent: string | null = null) => ({
  ...{ folder: "f", policy: { maxCount }, agent },
});

test("what was shown to go is what goes, also where more would go by then", async () => {
  const ids = saved(5);
  saved(3, { agent: "B" });
  const service = opened();
  const { shown, removedCount } = await service.prunePreview("p", request(3, "A"));
  expect(removedCount).toBe(2);
  const newer = saved(2);
  expect(await service.pruneShown("p", shown)).toMatchObject({ removedCount: 2, kept: 5 });
  expect(left()).toEqual([...ids.slice(2), ...newer]);
  expect(left("B")).toHaveLength(3);
});

test("nothing goes where some of what was shown would stay now, or nobody knows what was shown", async () => {
  const ids = saved(5);
  const service = opened();
  const { shown } = await service.prunePreview("p", request(2));
  for (const id of ids.slice(0, 2)) store.pin(id);
  await expect(service.pruneShown("p", shown)).rejects.toThrow(
    "Nothing was pruned: of what was shown to go, 2 checkpoints would stay now",
  );
  expect(left()).toEqual(ids);
  await expect(opened().pruneShown("p", shown)).rejects.toThrow("Look again at what would go.");
  expect(left()).toEqual(ids);
});

test("what is pinned while others are being removed stays, with what it follows", async () => {
  const pairs = Array.from({ length: 210 }, () => {
    const first = save({ state: "busy", runId: "r" });
    return [first, save({ state: "busy", runId: "r", parentId: first })] as const;
  });
  const [[first, second]] = pairs as [readonly [string, string]];
  const newest = save();
  const service = opened();
  let pinned = false;
  told = (done, total) => {
    if (pinned || total !== 420 || done === 0) return;
    pinned = true;
    expect(left().length).toBeLessThan(421);
    store.pin(second);
  };
  const answer = await service.prune("p", request(1));
  expect(pinned).toBe(true);
  expect(left()).toEqual([first, second, newest]);
  expect(answer).toMatchObject({ removedCount: 418, kept: 3 });
  expect(answer.notes).toContain("2 checkpoints pinned meanwhile, or before one, stay.");
});

test("a prune that is cancelled on the way tells what is gone", async () => {
  saved(401);
  const service = opened();
  told = (done, total) => {
    if (total === 400 && done > 0) service.cancel("p");
  };
  const answer = await service.prune("p", request(1));
  const gone = 401 - left().length;
  expect(gone).toBeGreaterThan(0);
  expect(gone).toBeLessThan(400);
  expect(answer).toMatchObject({ removedCount: gone, kept: 401 - gone });
  expect(answer.notes.at(-1)).toBe(`It was stopped: ${400 - gone} checkpoints would go, too.`);
});

test("who loses the lock does nothing more under it", () => {
  const [first = "", second = ""] = saved(2);
  const service = opened();
  const listing = service.lists.listingOf("f");
  const lock = join(listing.path, ".pins.lock");
  const writer = new CheckpointWriter(listing);
  const done: string[] = [];
  const taken = writer.some("pruned", [first, second], 0, () => (id) => {
    done.push(id);
    writeFileSync(lock, "1 another nowhere");
  });
  expect([taken, done]).toEqual([1, [first]]);
  rmSync(lock);
  const late = () =>
    writer.some("removed", [first], 0, () => {
      writeFileSync(lock, "1 another nowhere");
      return (id) => done.push(id);
    });
  expect(late).toThrow(/^Nothing in .* was removed: it took too long; try again\.$/);
  expect(done).toEqual([first]);
});

test("very many are removed and imported in several holds of the lock", () => {
  const ids = saved(250);
  const service = opened();
  const keys = ids.map((id) => ({ folder: "f", id }));
  const text = service.exportText(keys);
  service.remove(keys);
  expect(left()).toEqual([]);
  expect(service.importText("f", text)).toMatchObject({ imported: { length: 250 }, refused: [] });
  expect(left()).toEqual(ids);
  store.pin(ids[210] ?? "");
  expect(() => service.remove(keys)).toThrow(
    /^Nothing was removed: checkpoint .* is pinned; unpin it first\.$/,
  );
  expect(left()).toEqual(ids);
});
