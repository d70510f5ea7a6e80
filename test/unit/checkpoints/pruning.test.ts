import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CheckpointWriter } from "../../../src/checkpoints/change/writer.ts";
import { CheckpointService } from "../../../src/checkpoints/service.ts";
import { CheckpointQuery } from "../../../src/model/checkpoints.ts";
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

test("very many are removed and imported in several holds of the lock", async () => {
  const ids = saved(250);
  const service = opened();
  const keys = ids.map((id) => ({ folder: "f", id }));
  const text = service.exportText(keys);
  expect(await service.remove("r", keys)).toBe(250);
  expect(left()).toEqual([]);
  expect(await service.importText("i", "f", text)).toMatchObject({ imported: { length: 250 }, refused: [] });
  expect(left()).toEqual(ids);
  store.pin(ids[210] ?? "");
  await expect(service.remove("r", keys)).rejects.toThrow(
    /^Nothing was removed: checkpoint .* is pinned; unpin it first\.$/,
  );
  expect(left()).toEqual(ids);
});

test("what a fork follows that is made and pinned while others are being removed stays", async () => {
  const [first = ""] = saved(202);
  const service = opened();
  let fork = "";
  told = (done, total) => {
    if (fork !== "" || total !== 201 || done !== 200) return;
    fork = save({ parentId: first });
    store.pin(fork);
  };
  const answer = await service.prune("p", request(1));
  expect(left()).toEqual([first, expect.any(String), fork]);
  expect(answer).toMatchObject({ removedCount: 200, kept: 2 });
});

test("a removal or an import that is cancelled on the way tells how far it came", async () => {
  const ids = saved(210);
  const service = opened();
  const keys = ids.map((id) => ({ folder: "f", id }));
  const text = service.exportText(keys);
  const steps: [number, number][] = [];
  told = (done, total) => {
    steps.push([done, total]);
    service.cancel("j");
  };
  const gone = await service.remove("j", keys);
  expect([gone, left().length, steps]).toEqual([200, 10, [[200, 210]]]);
  told = () => undefined;
  await service.remove("j", keys.slice(200));
  told = () => service.cancel("j");
  const { imported, refused } = await service.importText("j", "f", text);
  expect([imported.length, left()]).toEqual([200, ids.slice(0, 200)]);
  expect(refused).toEqual(["It was stopped: the last 10 checkpoints of the file are not imported."]);
});

test("what fails on the way tells how many were done before it", async () => {
  const ids = saved(5);
  const service = opened();
  const [, , third = ""] = ids;
  const path = join(root, ".proj-intel", "checkpoints", "A", `${third}.json`);
  const keys = ids.map((id) => ({ folder: "f", id }));
  // All are known by now.
  service.exportText(keys);
  rmSync(path);
  mkdirSync(path);
  await expect(service.remove("r", keys)).rejects.toThrow(/^After 2, nothing more in .* was removed: /);
  expect(left()).toEqual(ids.slice(2));
  saved(2, { agent: "B" });
  service.refresh();
  const { rows, version } = service.query(CheckpointQuery.parse({}));
  const listed = service.rows(version, 0, rows) ?? [];
  const all = listed.flatMap((row) => (row.kind === "checkpoint" ? [row] : [])).reverse();
  const text = service.exportText(all);
  await service.remove("r", all);
  const other = join(root, ".proj-intel", "checkpoints", "B");
  rmSync(other, { recursive: true });
  writeFileSync(other, "");
  await expect(service.importText("i", "f", text)).rejects.toThrow(
    /^After 2, nothing more in .* was imported: A checkpoint of agent "B" cannot be written: /,
  );
  expect(left()).toEqual(ids.slice(2));
});

test("a prune counts only what was still there to be removed", async () => {
  const ids = saved(205);
  const service = opened();
  let meanwhile = false;
  told = (done, total) => {
    if (meanwhile || total !== 204 || done !== 200) return;
    meanwhile = true;
    for (const id of left())
      if (id !== ids.at(-1)) rmSync(join(root, ".proj-intel", "checkpoints", "A", `${id}.json`));
  };
  const answer = await service.prune("p", request(1));
  expect(answer).toMatchObject({ removedCount: 200, removed: { length: 200 }, kept: 1 });
  expect(answer.notes).toContain("4 checkpoints had been removed meanwhile.");
});

test.each([".proj-intel", ".proj-intel/checkpoints", ".proj-intel/checkpoints/A"])(
  "where %s vanishes while others are being removed, it is not made again",
  async (folder) => {
    saved(400);
    const service = opened();
    const { shown } = await service.prunePreview("p", request(10));
    told = (done, total) => {
      if (total === 390 && done < 390) rmSync(join(root, folder), { recursive: true });
    };
    const { removedCount, notes } = await service.pruneShown("p", shown);
    expect([removedCount, notes]).toEqual([200, ["190 checkpoints had been removed meanwhile."]]);
    expect(existsSync(join(root, folder))).toBe(false);
  },
);

test("a prune waits until all is known, also where the folder is looked at again meanwhile", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 6; i += 1) ids.push(save({ parentId: ids.at(-1) ?? null, label: `${i}` }));
  store.pin(ids[2] ?? "");
  const service = opened();
  const looking = service.prunePreview("p", request(1));
  service.refresh();
  const { removed, notes } = await looking;
  // As one execution, all of it stays.
  expect([removed, notes]).toEqual([[], [expect.stringContaining("3 pinned or before a pinned one")]]);
});
