import assert from "node:assert/strict";
import { type Check, draft, nobody } from "./types.ts";

const oddNames = [
  "worker",
  "Worker 1",
  "Worker/1",
  "../up",
  "con",
  "",
  "ünï",
  "x".repeat(300),
  ".hidden",
  "a.json",
  "__proto__",
];

/** Saving, loading, listing. */
export const basicCases: readonly Check[] = [
  {
    name: "is empty at first",
    check: (store) => {
      assert.deepEqual(store.agents(), []);
      assert.deepEqual(store.list(), []);
      assert.deepEqual(store.list("worker"), []);
      assert.equal(store.latest("worker"), null);
      assert.equal(store.latest("worker", { completed: true }), null);
      for (const id of [nobody, "../../etc/passwd", "", "%", "'", "__proto__"])
        assert.equal(store.load(id), null);
    },
  },
  {
    name: "gives back what was saved, with id, time and hash",
    check: (store) => {
      const before = Date.now();
      const saved = store.save(draft());
      const loaded = store.load(saved.id);
      assert.ok(loaded !== null);
      const { context, task, ...summary } = loaded;
      assert.deepEqual({ context, task }, { context: draft().context, task: draft().task });
      assert.deepEqual(summary, saved);
      const { agent, agentType, label, state, parentId, runId } = draft();
      assert.deepEqual({ ...saved, agent, agentType, label, state, parentId, runId }, saved);
      assert.deepEqual([saved.schemaVersion, saved.redactions, saved.lost], [1, 0, []]);
      assert.match(saved.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      assert.match(saved.hash, /^[0-9a-f]{64}$/);
      assert.ok(saved.timestamp * 1000 >= before && saved.timestamp * 1000 <= Date.now(), "timestamp");
      assert.equal(Date.parse(saved.createdAt), Math.round(saved.timestamp * 1000));
    },
  },
  {
    name: "keeps checkpoints of one millisecond apart and in order",
    check: (store) => {
      const ids = Array.from({ length: 100 }, (_, i) => store.save(draft({ label: String(i) })).id);
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(ids.toSorted(), ids);
      assert.deepEqual(
        store.list("worker").map(({ id }) => id),
        ids.toReversed(),
      );
      assert.equal(store.latest("worker")?.label, "99");
    },
  },
  {
    name: "tells agents apart, also those with odd or similar names",
    check: (store) => {
      for (const agent of oddNames) store.save(draft({ agent, task: agent }));
      assert.deepEqual(store.agents(), oddNames.toSorted());
      for (const agent of oddNames) {
        assert.equal(store.latest(agent)?.task, agent);
        assert.deepEqual(
          store.list(agent).map((summary) => summary.agent),
          [agent],
        );
      }
      assert.equal(store.list().length, oddNames.length);
    },
  },
  {
    name: "finds the newest completed checkpoint",
    check: (store) => {
      store.save(draft({ label: "shutdown", state: "stopped", context: 0 }));
      store.save(draft({ label: "completed", state: "ready", context: 1 }));
      for (let i = 0; i < 10; i += 1) store.save(draft({ state: i % 2 === 0 ? "busy" : "created" }));
      store.save(draft({ label: "rollback", state: "error" }));
      assert.equal(store.latest("worker", { completed: true })?.context, 1);
      assert.equal(store.latest("worker")?.state, "error");
      assert.equal(store.latest("other", { completed: true }), null);
    },
  },
  {
    name: "keeps content from being changed through what it was given or gave",
    check: (store) => {
      const context = { list: [1] };
      const task = { list: [1] };
      const answers = [{ question: { kind: "text", message: "Name?" }, answer: "a" } as const];
      const saved = store.save(draft({ context, task, answers: [...answers] }));
      const { id } = saved;
      context.list.push(2);
      task.list.push(2);
      saved.lost.push("x");
      for (const loaded of [store.load(id), store.latest("worker")]) {
        (loaded?.context as typeof context).list.push(3);
        (loaded?.task as typeof task).list.push(3);
        loaded?.answers?.pop();
        loaded?.lost.push("x");
      }
      store.list()[0]?.lost.push("x");
      for (const loaded of [store.load(id), store.latest("worker")]) {
        assert.deepEqual([loaded?.context, loaded?.task], [{ list: [1] }, { list: [1] }]);
        assert.deepEqual([loaded?.answers, loaded?.lost], [answers, []]);
      }
      assert.deepEqual(store.list()[0]?.lost, []);
    },
  },
  {
    name: "keeps answers and the version of the state, and has neither where there was none",
    check: async (store, reopen) => {
      const answers = [
        { question: { kind: "approve", message: "Go on?" }, answer: false },
        { question: { kind: "choose", message: "Which?", options: ["a", "b"] }, answer: "b" },
        { question: { kind: "text", message: "Name?" }, answer: "" },
      ] as const;
      const { id } = store.save(draft({ stateVersion: 3, answers: [...answers] }));
      const plain = store.save(draft());
      const next = await reopen();
      assert.deepEqual(next.load(id)?.answers, answers);
      assert.equal(next.load(id)?.stateVersion, 3);
      assert.equal(next.list().find((one) => one.id === id)?.stateVersion, 3);
      assert.ok(!Object.hasOwn(next.load(plain.id) ?? {}, "answers"));
      assert.ok(!Object.hasOwn(next.load(plain.id) ?? {}, "stateVersion"));
    },
  },
  {
    name: "gives the same to whoever opens it next",
    check: async (store, reopen) => {
      const first = store.save(draft());
      store.save(draft({ agent: "other", parentId: first.id }));
      const next = await reopen();
      assert.deepEqual(next.list(), store.list());
      assert.deepEqual(next.load(first.id), store.load(first.id));
      assert.deepEqual(next.agents(), ["other", "worker"]);
      const later = next.save(draft({ label: "later" }));
      assert.equal(store.latest("worker")?.id, later.id);
    },
  },
];
