import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { IndexCache } from "../../../src/indexer/indexCache.ts";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import type { FileUpdate, IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { fileText, files as sources, installed, makings, specifiers, textsOf, usesOf } from "./generated.ts";
import {
  chainOf,
  emptyFolder,
  everything,
  indexFolder,
  named,
  never,
  project,
  writeFiles,
} from "./project.ts";

afterEach(() => vi.useRealTimers());

const opened = (root: string) => new WorkspaceIndex(root, () => undefined);

const saved = (root: string, ...paths: string[]): FileUpdate[] =>
  paths.map((path) => ({ path: join(root, path), text: null }));

/** Everything but the time it took. */
const content = ({ agents, rejected, notes, files }: IndexSnapshot) => ({ agents, rejected, notes, files });

const base = "export class BaseAgent { run(task: string) {} }";
const child = 'import { BaseAgent } from "./base";\nexport class Child extends BaseAgent {}';

describe("an update", () => {
  it("prefers unsaved text to the disk until it is saved or closed", async () => {
    const root = project({ "a.ts": base });
    const index = opened(root);
    await index.snapshot(never);
    const file = join(root, "a.ts");
    const unsaved = await index.update(
      [{ path: file, text: "export class OtherAgent { run(t: string) {} }" }],
      never,
    );
    expect(unsaved.agents.map(({ name }) => name)).toEqual(["OtherAgent"]);
    expect(index.textOf(file)).toContain("OtherAgent");
    const closed = await index.update([{ path: file, text: null }], never);
    expect(closed.agents.map(({ name }) => name)).toEqual(["BaseAgent"]);
    expect(index.textOf(file)).toBe(base);
  });

  it("comes before the first index as well", async () => {
    const root = project({ "a.ts": base });
    const index = await opened(root).update(
      [
        { path: join(root, "a.ts"), text: "" },
        { path: join(root, "new.ts"), text: base },
      ],
      never,
    );
    expect(index.agents.map(({ file_path }) => file_path)).toEqual(["new.ts"]);
  });

  it("of a base changes its heirs in other files", async () => {
    const root = project({ "base.ts": "export class BaseAgent extends Error {}", "child.ts": child });
    const index = opened(root);
    expect((await index.snapshot(never)).agents).toEqual([]);
    writeFiles(root, { "base.ts": base });
    expect(named(await index.update(saved(root, "base.ts"), never), "Child").role).toBe("agent");
    rmSync(join(root, "base.ts"));
    const orphan = await index.update(saved(root, "base.ts"), never);
    expect(everything(orphan).map((record) => chainOf(record))).toEqual(["BaseAgent [./base]"]);
  });

  it("of a folder that is gone, renamed, or new takes its files along", async () => {
    const root = project({ "src/agents/a.ts": base, "src/b.ts": base });
    const index = opened(root);
    await index.snapshot(never);
    renameSync(join(root, "src/agents"), join(root, "src/moved"));
    const moved = await index.update(saved(root, "src/agents", "src/moved"), never);
    expect(moved.agents.map(({ file_path }) => file_path)).toEqual(["src/b.ts", "src/moved/a.ts"]);
    rmSync(join(root, "src"), { recursive: true });
    expect((await index.update(saved(root, "src"), never)).files).toBe(0);
  });

  it("of .gitignore, tsconfig.json or package.json counts for the files it is about", async () => {
    const root = project({
      "lib/base.ts": base,
      "src/child.ts": 'import { BaseAgent } from "@lib/base";\nexport class Child extends BaseAgent {}',
    });
    const index = opened(root);
    const chain = async (...paths: string[]) =>
      chainOf(named(await index.update(saved(root, ...paths), never), "Child"));
    expect(await chain()).toBe("BaseAgent [@lib/base]");
    writeFiles(root, { "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }' });
    expect(await chain("tsconfig.json")).toBe("BaseAgent (lib/base.ts)");
    writeFiles(root, { ".gitignore": "lib\n" });
    expect(await chain(".gitignore")).toBe("BaseAgent [@lib/base]");
    rmSync(join(root, ".gitignore"));
    rmSync(join(root, "tsconfig.json"));
    writeFiles(root, { "lib/package.json": '{ "name": "@lib/base", "main": "base.js" }' });
    expect(await chain(".gitignore", "tsconfig.json", "lib/package.json")).toBe("BaseAgent (lib/base.ts)");
  });

  it("of what is ignored, outside, or behind a symbolic link changes nothing", async () => {
    const root = project({ "src/a.ts": base, ".gitignore": "tmp" });
    const index = opened(root);
    const before = content(await index.snapshot(never));
    symlinkSync(join(root, "src"), join(root, "link"), "dir");
    writeFiles(root, { "tmp/b.ts": base, "node_modules/x/c.ts": base });
    const paths = [
      "tmp/b.ts",
      "tmp",
      "node_modules/x/c.ts",
      "node_modules",
      "link",
      "link/a.ts",
      "../z.ts",
      "README.md",
    ];
    expect(content(await index.update(saved(root, ...paths), never))).toEqual(before);
  });

  it("that is cancelled loses nothing", async () => {
    const root = project({ "a.ts": base });
    const index = opened(root);
    await index.snapshot(never);
    writeFiles(root, { "b.ts": base.replace("Base", "Other") });
    await expect(index.update(saved(root, "b.ts"), AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(content(await index.snapshot(never))).toEqual(content(await indexFolder(root)));
  });
});

const names = ["BaseAgent", "Worker", "TaskAgent", "AgentError", "Mixed"];
const files = [...sources, "src/view.vue"];
const froms = [...specifiers, "./view.vue", "./src/view.vue"];
const text = fc.oneof(textsOf(names, froms, makings(names, froms)), usesOf(names, froms));
/** Where they import from each other, nearly always. */
const near = ["a.ts", "b.js", "c.ts", "d.ts"];
const close = ["./a", "./b", "./c", "./d"];
const typed = fc.oneof(textsOf(names, close), usesOf(names, close), usesOf(["Worker", "BaseAgent"], close));

const change = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("write" as const), path: fc.constantFrom(...files), text }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      path: fc.constantFrom(...files, "src", "src/deep", "lib"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("type" as const), path: fc.constantFrom(...files), text }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("close" as const), path: fc.constantFrom(...files) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("rename" as const),
      path: fc.constantFrom("src", "lib", "a.ts", "src/deep"),
      to: fc.constantFrom("lib", "src", "moved", "src/deep/more"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      path: fc.constantFrom(".gitignore", "src/.gitignore"),
      text: fc.constantFrom("tmp/\n", "src/deep\n", "*.js\n", ""),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      path: fc.constantFrom("lib/package.json", "package.json"),
      text: fc.constantFrom(
        '{ "name": "@lib/e", "main": "e.mjs" }',
        '{ "name": "agents", "main": "./a.ts" }',
        "[",
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      path: fc.constantFrom("tsconfig.json", "src/tsconfig.json"),
      text: fc.constantFrom(
        '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
        "{}",
        "{ broken",
      ),
    }),
  },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Makes a change on disk and tells how an editor would report it. */
function apply(root: string, made: Change): FileUpdate[] {
  const path = join(root, made.path);
  if (made.kind === "type") return [{ path, text: fileText(path, made.text) }];
  const to = made.kind === "rename" ? join(root, made.to) : path;
  try {
    if (made.kind !== "close" && made.kind !== "rename") rmSync(path, { recursive: true, force: true });
    if (made.kind === "write" || made.kind === "rename") mkdirSync(dirname(to), { recursive: true });
    if (made.kind === "write") writeFileSync(path, fileText(path, made.text));
    if (made.kind === "rename") renameSync(path, to);
  } catch {
    // A file where a folder is needed, nothing to rename: then an event comes for nothing.
  }
  return [...new Set([path, to])].map((changed) => ({ path: changed, text: null }));
}

describe("any sequence of updates", () => {
  it("in open editors ends at what a fresh index says", { timeout: 120_000 }, async () => {
    const edit = fc.array(fc.tuple(fc.constantFrom(...near), typed), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...near.map(() => typed)),
        fc.array(edit, { minLength: 1, maxLength: 12 }),
        async (texts, edits) => {
          const root = project(Object.fromEntries(near.map((path, at) => [path, texts[at] ?? ""])));
          const live = opened(root);
          const told = (changes: Iterable<[string, string]>) =>
            [...changes].map(([path, text]) => ({ path: join(root, path), text }));
          const unsaved = new Map<string, string>();
          for (const changes of [[], ...edits]) {
            for (const [path, text] of changes) unsaved.set(path, text);
            const updated = await live.update(told(changes), never);
            expect(content(updated)).toEqual(content(await opened(root).update(told(unsaved), never)));
          }
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 300) },
    );
  });

  it("ends at what a fresh index of the same state says", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        async (batches) => {
          const root = project(installed);
          const live = opened(root);
          const unsaved = new Map<string, string>();
          for (const batch of batches) {
            const updates = batch.flatMap((made) => apply(root, made));
            for (const { path, text: typed } of updates) {
              if (typed === null) unsaved.delete(path);
              else unsaved.set(path, typed);
            }
            const updated = await live.update(updates, never);
            const fresh = opened(root);
            const told = await fresh.update(
              [...unsaved].map(([path, typed]) => ({ path, text: typed })),
              never,
            );
            expect(content(updated)).toEqual(content(told));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("ends there as well when it is aborted at any moment in between", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(change, { minLength: 1, maxLength: 3 }), fc.nat(30)), {
          minLength: 1,
          maxLength: 5,
        }),
        async (batches) => {
          const root = project(installed);
          const live = opened(root);
          const unsaved = new Map<string, string>();
          for (const [batch, moment] of batches) {
            const updates = batch.flatMap((made) => apply(root, made));
            for (const { path, text: typed } of updates) {
              if (typed === null) unsaved.delete(path);
              else unsaved.set(path, typed);
            }
            await live.update(updates, abortedAfter(moment)).catch((error: unknown) => {
              expect(error).toMatchObject({ name: "AbortError" });
            });
          }
          const told = await opened(root).update(
            [...unsaved].map(([path, typed]) => ({ path, text: typed })),
            never,
          );
          expect(content(await live.snapshot(never))).toEqual(content(told));
        },
      ),
      { numRuns: 60 },
    );
  });

  it(
    "between two runs of the program leaves a warm start that says what a cold one says",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean()), {
            minLength: 1,
            maxLength: 6,
          }),
          async (runs) => {
            const root = project(installed);
            const cache = new IndexCache(emptyFolder(), "1");
            // Files made just now prove nothing; after a while they do.
            vi.useFakeTimers({ now: Date.now() + 10_000, toFake: ["Date"] });
            for (const [batch, meanwhile] of runs) {
              if (!meanwhile) for (const made of batch) apply(root, made);
              const warm = new WorkspaceIndex(root, () => undefined, { cache });
              expect(content(await warm.snapshot(never))).toEqual(content(await indexFolder(root)));
              if (meanwhile)
                await warm.update(
                  batch.flatMap((made) => apply(root, made)),
                  never,
                );
              warm.remember();
            }
          },
        ),
        { numRuns: 80 },
      );
    },
  );
});

/** Is aborted when it is asked for the nth time. */
function abortedAfter(moment: number): AbortSignal {
  const controller = new AbortController();
  let asked = 0;
  const { signal } = controller;
  return new Proxy(signal, {
    get: (target, name) => {
      asked += 1;
      if (asked > moment) controller.abort();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
