import { beforeEach, describe, expect, it } from "vitest";
import type { CheckpointStore } from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

/** What every checkpoint store must do. `make` gives an empty one; `reopen` one over the same content. */
export function describeStore(
  name: string,
  make: () => CheckpointStore,
  reopen: () => CheckpointStore,
): void {
  describe(`${name} as a checkpoint store`, () => {
    let store: CheckpointStore;
    beforeEach(() => {
      store = make();
    });

    it("is empty at first", () => {
      expect(store.agents()).toEqual([]);
      expect(store.list()).toEqual([]);
      expect(store.latest("worker")).toBeNull();
      expect(store.load("01970000-0000-7000-8000-000000000000")).toBeNull();
      expect(store.load("../../etc/passwd")).toBeNull();
    });

    it("gives back what was saved, with id, time and hash", () => {
      const before = Date.now();
      const saved = store.save(draft());
      const loaded = store.load(saved.id);
      expect(loaded).toMatchObject({ ...draft(), schemaVersion: 1, redactions: 0, lost: [] });
      expect(loaded).toMatchObject(saved);
      expect(saved.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(saved.hash).toMatch(/^[0-9a-f]{64}$/);
      expect(saved.timestamp * 1000).toBeGreaterThanOrEqual(before);
      expect(Date.parse(saved.createdAt)).toBe(Math.round(saved.timestamp * 1000));
    });

    it("keeps checkpoints of one millisecond apart and in order", () => {
      const ids = Array.from({ length: 200 }, (_, i) => store.save(draft({ label: String(i) })).id);
      expect(new Set(ids).size).toBe(200);
      expect([...ids].sort()).toEqual(ids);
      expect(store.list("worker").map(({ id }) => id)).toEqual([...ids].reverse());
      expect(store.latest("worker")?.label).toBe("199");
    });

    it("tells agents apart, also those with odd or similar names", () => {
      const names = [
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
      ];
      for (const agent of names) store.save(draft({ agent, task: agent }));
      expect(store.agents()).toEqual([...names].sort());
      for (const agent of names) {
        expect(store.latest(agent)?.task).toBe(agent);
        expect(store.list(agent)).toHaveLength(1);
      }
      expect(store.list()).toHaveLength(names.length);
    });

    it("finds the newest completed checkpoint", () => {
      store.save(draft({ label: "completed", state: "ready", context: 1 }));
      store.save(draft());
      store.save(draft({ label: "rollback", state: "error" }));
      expect(store.latest("worker", { completed: true })?.context).toBe(1);
      expect(store.latest("worker")?.state).toBe("error");
    });

    it("keeps content from being changed through what it was given or gave", () => {
      const context = { list: [1] };
      const { id } = store.save(draft({ context }));
      context.list.push(2);
      const loaded = store.load(id);
      (loaded?.context as typeof context).list.push(3);
      loaded?.lost.push("x");
      expect(store.load(id)).toMatchObject({ context: { list: [1] }, lost: [] });
    });

    it("keeps what JSON cannot hold, and names what it cannot keep", () => {
      const context = {
        map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1n])]]),
        at: new Date(7),
        bytes: new Uint16Array([1, 65535]),
        error: new RangeError("far"),
        missing: undefined,
        run: () => 1,
      };
      const saved = store.save(draft({ context }));
      expect(saved.lost).toEqual(["context.run (function)"]);
      const { run, ...kept } = context;
      expect(run()).toBe(1);
      const loaded = store.load(saved.id)?.context;
      expect(loaded).toEqual(kept);
      expect(loaded).toHaveProperty("missing");
    });

    it("removes secrets, with a marker and a count", () => {
      const saved = store.save(
        draft({
          task: { apiKey: "abc", note: "use sk-abcdefghijklmnopqrstuvwx now" },
          context: new Map([["password", "p"]]),
        }),
      );
      expect(saved.redactions).toBe(3);
      expect(store.load(saved.id)).toMatchObject({
        task: { apiKey: "[redacted]", note: "use [redacted] now" },
        context: new Map([["password", "[redacted]"]]),
      });
    });

    it("gives the same to whoever opens it next", () => {
      const first = store.save(draft());
      store.save(draft({ agent: "other", parentId: first.id }));
      const next = reopen();
      expect(next.list()).toEqual(store.list());
      expect(next.load(first.id)).toEqual(store.load(first.id));
      expect(next.agents()).toEqual(["other", "worker"]);
    });
  });
}
