import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkpointStoreConformance, type ConformanceSubject } from "../../../../src/runtime/conformance.ts";
import {
  type Checkpoint,
  type CheckpointStore,
  type CheckpointSummary,
  FileCheckpointStore,
  MemoryCheckpointStore,
  parseCheckpoint,
  serializeCheckpoint,
  SqliteCheckpointStore,
} from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";
import { hasSqlite } from "./sqlite.ts";

/** A store in a folder of its own, which goes with it. */
function onDisk<Store extends CheckpointStore>(
  open: (folder: string) => Store,
  close: (store: Store) => void = () => undefined,
): Pick<ConformanceSubject, "create" | "reopen" | "dispose"> {
  let folder = "";
  return {
    create: () => {
      folder = mkdtempSync(join(tmpdir(), "store-"));
      return open(folder);
    },
    reopen: () => open(folder),
    dispose: (stores) => {
      for (const store of stores) close(store as Store);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const subjects: (ConformanceSubject & { skip?: boolean })[] = [
  { name: "MemoryCheckpointStore", managed: true, create: () => new MemoryCheckpointStore() },
  {
    name: "FileCheckpointStore",
    managed: true,
    ...onDisk((folder) => new FileCheckpointStore(join(folder, ".proj-intel", "checkpoints"))),
  },
  {
    name: "SqliteCheckpointStore",
    managed: true,
    skip: !hasSqlite,
    ...onDisk(
      (folder) => new SqliteCheckpointStore(join(folder, "checkpoints.sqlite")),
      (store) => store.close(),
    ),
  },
];

for (const { skip = false, ...subject } of subjects) {
  describe.skipIf(skip)("a checkpoint store does what all do:", () => {
    for (const { name, run } of checkpointStoreConformance(subject)) it(name, run);
  });
}

/** As a user would write one. */
class OwnStore implements CheckpointStore {
  protected readonly texts = new Map<string, string>();
  save(given: Parameters<CheckpointStore["save"]>[0]) {
    const { summary, text } = serializeCheckpoint(given);
    this.texts.set(summary.id, text);
    return structuredClone(summary);
  }
  load(id: string) {
    const text = this.texts.get(id);
    return text === undefined ? null : parseCheckpoint(text);
  }
  latest(agent: string, { completed = false }: { completed?: boolean | undefined } = {}) {
    const fits = ({ state }: { state: string }) => !completed || state === "ready" || state === "stopped";
    const found = this.list(agent).find(fits);
    return found === undefined ? null : this.load(found.id);
  }
  list(agent?: string) {
    return [...this.texts.values()]
      .map((text) => {
        const checkpoint: Partial<Checkpoint> = parseCheckpoint(text);
        for (const name of ["context", "task", "answers"] as const) Reflect.deleteProperty(checkpoint, name);
        return checkpoint as CheckpointSummary;
      })
      .filter((summary) => agent === undefined || summary.agent === agent)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
  }
  agents() {
    return [...new Set(this.list().map(({ agent }) => agent))].sort();
  }
}

describe("the conformance suite", () => {
  const failures = async (create: () => CheckpointStore): Promise<string[]> => {
    const failed: string[] = [];
    for (const { name, run } of checkpointStoreConformance({ name: "own", create })) {
      await run().catch(() => failed.push(name));
    }
    return failed;
  };

  it("passes a store that a user wrote with what the library exports", async () => {
    expect(await failures(() => new OwnStore())).toEqual([]);
  });

  it("finds what a store does otherwise", async () => {
    class Forgets extends OwnStore {
      override latest() {
        return null;
      }
    }
    class Leaks extends OwnStore {
      override save(given: Parameters<CheckpointStore["save"]>[0]) {
        const { summary, text } = serializeCheckpoint({ ...given, label: "x" });
        this.texts.set(summary.id, text);
        return { ...summary, label: given.label };
      }
    }
    class Shares extends OwnStore {
      readonly #latest = new Map<string, Checkpoint>();
      override latest(agent: string) {
        const found = super.latest(agent);
        if (found === null) return null;
        const known = this.#latest.get(found.id) ?? found;
        this.#latest.set(found.id, known);
        return known;
      }
    }
    class Throws extends OwnStore {
      override agents(): string[] {
        throw new Error("no");
      }
    }
    expect(await failures(() => new Forgets())).toContain("own: finds the newest completed checkpoint");
    expect((await failures(() => new Leaks())).join()).toMatch(
      /gives back what was saved.*takes secrets out/,
    );
    expect((await failures(() => new Shares())).join()).toMatch(/being changed through what it was given/);
    expect(await failures(() => new Throws())).toContain("own: is empty at first");
  });

  it("lets go of the stores of a case that failed", async () => {
    const disposed: number[] = [];
    const [first] = checkpointStoreConformance({
      name: "own",
      create: () => {
        const store = new OwnStore();
        store.save(draft());
        return Promise.resolve(store);
      },
      dispose: (stores) => void disposed.push(stores.length),
    });
    await expect(first?.run()).rejects.toThrow();
    expect(disposed).toEqual([1]);
  });
});
