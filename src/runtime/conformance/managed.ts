import assert from "node:assert/strict";
import type { CheckpointDraft, CheckpointSummary } from "../core/checkpointStore.ts";
import type { ManagedCheckpointStore } from "../checkpoint/managedStore.ts";
import { draft, type ManagedCheck, nobody } from "./types.ts";

const idsOf = (summaries: readonly CheckpointSummary[]): string[] => summaries.map(({ id }) => id);

/** Checkpoints that follow one another, oldest first. */
function line(store: ManagedCheckpointStore, length: number, agent = "worker"): string[] {
  const ids: string[] = [];
  for (let i = 0; i < length; i += 1) {
    ids.push(store.save(draft({ agent, label: String(i), parentId: ids.at(-1) ?? null })).id);
  }
  return ids;
}

/** Executions of one agent, each following the one before; the ids of each, oldest first. */
function executions(store: ManagedCheckpointStore, count: number, agent = "worker"): string[][] {
  let parentId: string | null = null;
  return Array.from({ length: count }, (_, i) => {
    const start = store.save(draft({ agent, runId: null, parentId })).id;
    const asked = store.save(draft({ agent, runId: null, label: "asked", parentId: start })).id;
    // Every third one fails, and returns to its start.
    const end: Partial<CheckpointDraft> =
      i % 3 === 2
        ? { label: "rollback", state: "error", parentId: start }
        : { label: "completed", state: "ready", parentId: asked };
    parentId = store.save(draft({ agent, runId: null, ...end })).id;
    return [start, asked, parentId];
  });
}

const throwsNamed = (name: string, action: () => unknown): void => {
  assert.throws(action, (error) => (error as Error).name === name && (error as Error).message.endsWith("."));
};

/** Following, forking, pinning, pruning. */
export const managedCases: readonly ManagedCheck[] = [
  {
    name: "follows a lineage from the newest to the root",
    check: async (store, reopen) => {
      const ids = line(store, 4);
      store.save(draft());
      const { checkpoints, note } = (await reopen()).lineage(ids[3] ?? "");
      assert.deepEqual(idsOf(checkpoints), ids.toReversed());
      assert.equal(note, null);
    },
  },
  {
    name: "stops a lineage with a note at an ancestor that is missing",
    check: (store) => {
      const { id } = store.save(draft({ parentId: nobody }));
      const { checkpoints, note } = store.lineage(id);
      assert.deepEqual(idsOf(checkpoints), [id]);
      assert.match(note ?? "", new RegExp(nobody));
      assert.deepEqual(store.lineage(nobody).checkpoints, []);
      assert.match(store.lineage(nobody).note ?? "", new RegExp(nobody));
    },
  },
  {
    name: "forks a checkpoint, and keeps the history",
    check: async (store, reopen) => {
      const map = new Map([[{ k: 1 }, new Date(1)]]);
      const from = store.save(
        draft({
          context: { map, token: "t" },
          stateVersion: 2,
          state: "ready",
          task: { run: () => 1, q: 1 },
        }),
      );
      const before = store.load(from.id);
      const fork = store.fork(from.id);
      const other = store.fork(from.id, { agent: "other", runId: "r2", label: "what if" });
      assert.notEqual(fork.id, from.id);
      assert.deepEqual(
        [fork.parentId, fork.agent, fork.runId, fork.label],
        [from.id, "worker", null, "fork"],
      );
      assert.deepEqual(
        [other.parentId, other.agent, other.runId, other.label],
        [from.id, "other", "r2", "what if"],
      );
      assert.deepEqual(
        [other.state, other.stateVersion, other.redactions, other.lost],
        ["ready", 2, 1, from.lost],
      );
      const next = await reopen();
      const { context, task } = next.load(other.id) ?? {};
      assert.deepEqual({ context, task }, { context: before?.context, task: before?.task });
      assert.deepEqual(next.load(from.id), before);
      assert.deepEqual(idsOf(next.lineage(other.id).checkpoints), [other.id, from.id]);
      assert.deepEqual(idsOf(next.list("other")), [other.id]);
      throwsNamed("StoreError", () => store.fork(nobody));
    },
  },
  {
    name: "pins and unpins, also for whoever opens it next",
    check: async (store, reopen) => {
      const [a = "", b = ""] = line(store, 3);
      const { id: other } = store.save(draft({ agent: "other" }));
      for (const id of [other, b, a, b]) store.pin(id);
      assert.deepEqual(store.pins(), [a, b, other]);
      const next = await reopen();
      assert.deepEqual(next.pins(), [a, b, other]);
      next.unpin(b);
      next.unpin(b);
      next.unpin(nobody);
      assert.deepEqual(store.pins(), [a, other]);
      throwsNamed("StoreError", () => store.pin(nobody));
      throwsNamed("StoreError", () => store.pin("../x"));
    },
  },
  {
    name: "prunes by count, newest stay, and says what it removed",
    check: async (store, reopen) => {
      const ids = Array.from({ length: 6 }, (_, i) => store.save(draft({ label: String(i) })).id);
      const other = store.save(draft({ agent: "other" })).id;
      const planned = store.prune({ maxCount: 2 }, { dryRun: true });
      assert.equal(store.list().length, 7);
      const result = store.prune({ maxCount: 2 });
      assert.deepEqual(result, planned);
      assert.deepEqual(idsOf(result.removed), ids.slice(0, 4).toReversed());
      assert.equal(result.kept, 3);
      assert.ok(result.bytes > 0);
      assert.deepEqual(result.notes, []);
      const next = await reopen();
      assert.deepEqual(idsOf(next.list()), [other, ...ids.slice(4).toReversed()]);
      assert.equal(next.load(ids[0] ?? ""), null);
      assert.deepEqual(next.prune({ maxCount: 2 }).removed, []);
    },
  },
  {
    name: "prunes by bytes and by age, and one agent where only that is asked",
    check: (store) => {
      for (const agent of ["worker", "other"]) {
        for (let i = 0; i < 4; i += 1) store.save(draft({ agent, context: "x".repeat(2_000) }));
      }
      const bytes = store.prune({ maxBytes: 6_000 }, { agent: "worker" });
      assert.deepEqual([bytes.removed.length, bytes.kept], [2, 2]);
      assert.equal(store.list("other").length, 4);
      assert.deepEqual(store.prune({ maxAgeMs: 3_600_000 }).removed, []);
      for (const saved = Date.now(); Date.now() <= saved;) {
        // The clock has to move on.
      }
      assert.equal(store.prune({ maxAgeMs: 0 }).removed.length, 4);
      assert.deepEqual(store.prune({}).removed, []);
    },
  },
  {
    name: "never removes an agent's newest, nor what an agent would be restored from",
    check: (store) => {
      const completed = store.save(draft({ state: "ready" })).id;
      for (let i = 0; i < 3; i += 1) store.save(draft());
      const newest = store.save(draft({ state: "error" })).id;
      store.prune({ maxCount: 0, maxBytes: 0 });
      assert.deepEqual(idsOf(store.list()), [newest, completed]);
      assert.equal(store.latest("worker", { completed: true })?.id, completed);
    },
  },
  {
    name: "never removes a pinned checkpoint, nor an ancestor of one that stays",
    check: (store) => {
      const gone = line(store, 3);
      const pinned = line(store, 3);
      const tail = line(store, 2);
      const [root = ""] = line(store, 1, "source");
      line(store, 3, "source");
      const { id: fork } = store.fork(root, { agent: "worker" });
      store.pin(pinned[1] ?? "");
      const { removed } = store.prune({ maxCount: 1 });
      for (const id of idsOf(store.list())) assert.equal(store.lineage(id).note, null);
      assert.ok(store.load(root) !== null, "the parent of another agent's checkpoint stays");
      const expected = [...gone, pinned[2] ?? "", ...tail].sort().reverse();
      assert.deepEqual(idsOf(removed), expected);
      assert.deepEqual(idsOf(store.list("worker")), [fork, pinned[1], pinned[0]]);
    },
  },
  {
    name: "cuts long lineages only where a policy says so, and never those of pinned checkpoints",
    check: (store) => {
      const ids = line(store, 10);
      assert.deepEqual(store.prune({ maxCount: 1 }).removed, []);
      store.pin(ids[2] ?? "");
      store.prune({ maxCount: 2, maxAncestors: 1 });
      assert.deepEqual(idsOf(store.list()), [0, 1, 2, 7, 8, 9].map((i) => ids[i]).toReversed());
    },
  },
  {
    name: "keeps executions whole, and not those before them",
    check: (store) => {
      const [, , , , before = [], last = []] = executions(store, 6);
      const { removed, kept, notes } = store.prune({ maxCount: 2 });
      assert.deepEqual(idsOf(store.list()), [...before, ...last].toReversed());
      assert.deepEqual([removed.length, kept], [12, 6]);
      assert.deepEqual(notes, ['Agent "worker" keeps 3 over the limits: 3 before one that stays.']);
      const { checkpoints, note } = store.lineage(last[2] ?? "");
      assert.deepEqual(idsOf(checkpoints), [last[2], last[0], before[2], before[1], before[0]]);
      assert.match(note ?? "", /not complete/);
    },
  },
  {
    name: "keeps what forks were made of, and all that pinned checkpoints come from",
    check: (store) => {
      const [first = [], second = [], third = [], fourth = []] = executions(store, 7);
      const fork = store.fork(second[1] ?? "");
      const other = store.save(draft({ agent: "other", parentId: fourth[2] ?? "" })).id;
      executions(store, 2, "other");
      const { notes } = store.prune({ maxCount: 1 }, { agent: "worker" });
      assert.deepEqual(idsOf(store.lineage(fork.id).checkpoints), [fork.id, second[1], second[0]]);
      assert.deepEqual(idsOf(store.lineage(other).checkpoints), [other, ...fourth.toReversed()]);
      assert.equal(store.load(third[0] ?? ""), null);
      assert.equal(store.load(first[0] ?? ""), null);
      assert.equal(store.list("other").length, 7);
      assert.equal(notes.length, 1);
    },
  },
  {
    name: "keeps every ancestor of a pinned checkpoint, and of all where a policy says so",
    check: (store) => {
      const all = executions(store, 4);
      assert.deepEqual(
        store.prune({ maxCount: 1, maxAncestors: Infinity }, { dryRun: true }).removed.length,
        1,
      );
      store.pin(all[1]?.[2] ?? "");
      const { notes } = store.prune({ maxCount: 1 });
      const pinned = all.slice(0, 2).flat();
      assert.deepEqual(idsOf(store.list()), [...pinned, ...(all[3] ?? [])].toReversed());
      assert.deepEqual(notes, [
        'Agent "worker" keeps 8 over the limits: 6 pinned or before a pinned one, 2 before one that stays.',
      ]);
    },
  },
  {
    name: "refuses limits and options that are none, and removes nothing then",
    check: (store) => {
      line(store, 2);
      for (const policy of [
        { maxCount: -1 },
        { maxCount: 1.5 },
        { maxAgeMs: NaN },
        { maxBytes: "1" as never },
        { maxCount: null as never },
        { maxCount: 0, max: 3 } as never,
        null as never,
        3 as never,
        [] as never,
      ]) {
        throwsNamed("AgentUsageError", () => store.prune(policy));
      }
      for (const options of [{ agnet: "x" }, { agent: 5 }, { dryRun: "yes" }, null]) {
        throwsNamed("AgentUsageError", () => store.prune({ maxCount: 0 }, options as never));
      }
      assert.equal(store.list().length, 2);
    },
  },
];
