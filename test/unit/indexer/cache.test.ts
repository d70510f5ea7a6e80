import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hash } from "node:crypto";
import { join } from "node:path";
import { serialize } from "node:v8";
import { describe, expect, it, vi, afterEach } from "vitest";
import { IndexCache } from "../../../src/indexer/indexCache.ts";
import * as sourceText from "../../../src/indexer/sourceText.ts";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { emptyFolder, indexFolder, never, project, writeFiles, type Files } from "./project.ts";

afterEach(() => vi.useRealTimers());

const content = (snapshot: IndexSnapshot) => ({ ...snapshot, durationMs: 0 });

/** Files so new that they may have changed after the reading prove nothing: what is read later does. */
const later = () => vi.useFakeTimers({ now: Date.now() + 10_000, toFake: ["Date"] });

/** One start of the program: it indexes and remembers. */
async function start(root: string, cache: IndexCache): Promise<IndexSnapshot> {
  const index = new WorkspaceIndex(root, () => undefined, { cache });
  const snapshot = await index.snapshot(never);
  index.remember();
  return snapshot;
}

/** Which files a start reads. */
async function readsOf(root: string, cache: IndexCache): Promise<string[]> {
  const reads = vi.spyOn(sourceText, "readSource");
  try {
    await start(root, cache);
    return reads.mock.calls.map(([, path]) => path).sort();
  } finally {
    reads.mockRestore();
  }
}

const files: Files = {
  "base.ts": "export class BaseAgent { run(task: string) {} }",
  "src/child.ts": 'import { BaseAgent } from "../base";\nexport class Child extends BaseAgent {}',
  "src/broken.ts": "export class BrokenAgent { run(task: string) {} }\nclass {",
  "src/large.ts": "//".padEnd(2_000_001, "x"),
  "other.ts": "export const x = 1;",
  ".gitignore": "ignored/\n",
  "ignored/z.ts": "export class IgnoredAgent { run(task: string) {} }",
};

function remembered(): { root: string; folder: string; cache: IndexCache } {
  const folder = join(emptyFolder(), "cache");
  later();
  return { root: project(files), folder, cache: new IndexCache(folder, "1") };
}

describe("a warm start", () => {
  it("reads nothing where nothing has changed, and says the same", async () => {
    const { root, cache } = remembered();
    const cold = await start(root, cache);
    expect(cold.agents.map(({ name }) => name)).toEqual(["BaseAgent", "BrokenAgent", "Child"]);
    expect(cold.notes).toHaveLength(2);
    expect(await readsOf(root, cache)).toEqual([]);
    expect(content(await start(root, cache))).toEqual(content(cold));
  });

  it("reads what has changed and nothing else", async () => {
    const { root, cache } = remembered();
    await start(root, cache);
    writeFiles(root, {
      "src/child.ts": "export class Orphan {}",
      "new/a.ts": "export class NewAgent { run(t) {} }",
    });
    rmSync(join(root, "src/broken.ts"));
    expect(await readsOf(root, cache)).toEqual(["new/a.ts", "new/a.ts", "src/child.ts"]);
    expect(content(await start(root, cache))).toEqual(content(await indexFolder(root)));
  });

  it("takes a file that was only touched for what it was", async () => {
    const { root, cache } = remembered();
    const cold = await start(root, cache);
    utimesSync(join(root, "base.ts"), 1, 1);
    const reads = vi.spyOn(sourceText, "readSource");
    expect(content(await start(root, cache))).toEqual(content(cold));
    expect(reads.mock.calls.map(([, path]) => path)).toEqual(["base.ts"]);
    reads.mockRestore();
    expect(await readsOf(root, cache)).toEqual([]);
  });

  it("does not trust files that changed just before they were read", async () => {
    const root = project({ "a.ts": "export class OneAgent { run(task) {} }" });
    const cache = new IndexCache(emptyFolder(), "1");
    await start(root, cache);
    expect(await readsOf(root, cache)).toEqual(["a.ts"]);
  });

  it("follows .gitignore, tsconfig.json and the files it extends", async () => {
    const { root, cache } = remembered();
    writeFiles(root, {
      "src/child.ts": 'import { BaseAgent } from "@base";\nexport class Child extends BaseAgent {}',
      "tsconfig.json": '{ "extends": "./.config/paths.json" }',
    });
    const chain = async () =>
      (await start(root, cache)).agents.find(({ name }) => name === "Child")?.base_chain[0]?.file_path;
    expect(await chain()).toBe(null);
    writeFiles(root, {
      ".config/paths.json": '{ "compilerOptions": { "paths": { "@base": ["../base.ts"] } } }',
    });
    expect(await chain()).toBe("base.ts");
    writeFiles(root, { ".gitignore": "base.ts\n" });
    expect(await chain()).toBe(null);
    writeFiles(root, { ".gitignore": "" });
    const all = await start(root, cache);
    expect(all.agents.map(({ name }) => name)).toContain("IgnoredAgent");
    expect(content(all)).toEqual(content(await indexFolder(root)));
  });

  it("goes on with updates", async () => {
    const { root, cache } = remembered();
    await start(root, cache);
    const warm = new WorkspaceIndex(root, () => undefined, { cache });
    await warm.snapshot(never);
    const path = join(root, "base.ts");
    const fresh = new WorkspaceIndex(root, () => undefined);
    const update = [{ path, text: "export class BaseAgent extends Error {}" }];
    expect(content(await warm.update(update, never))).toEqual(content(await fresh.update(update, never)));
  });

  it("does not remember what is not saved", async () => {
    const { root, cache } = remembered();
    const index = new WorkspaceIndex(root, () => undefined, { cache });
    await index.update([{ path: join(root, "base.ts"), text: "" }], never);
    index.remember();
    expect(content(await start(root, cache))).toEqual(content(await indexFolder(root)));
  });

  it("judges anew after other settings", async () => {
    const { root, cache } = remembered();
    await start(root, cache);
    const index = new WorkspaceIndex(root, () => undefined, { cache });
    index.configure({ agentNames: ["Child"], notAgentNames: [], agentBases: [], capabilities: {} });
    const plain = new WorkspaceIndex(root, () => undefined);
    plain.configure({ agentNames: ["Child"], notAgentNames: [], agentBases: [], capabilities: {} });
    expect(content(await index.snapshot(never))).toEqual(content(await plain.snapshot(never)));
  });
});

describe("a cache file", () => {
  it("is for the user alone, and in no repository", async () => {
    const { root, folder, cache } = remembered();
    await start(root, cache);
    const [file = ""] = readdirSync(folder);
    if (process.platform !== "win32") {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readdirSync(root).sort()).toEqual([".gitignore", "base.ts", "ignored", "other.ts", "src"]);
  });

  it("of another version of the code is none", async () => {
    const { root, folder, cache } = remembered();
    await start(root, cache);
    expect(await readsOf(root, new IndexCache(folder, "2"))).toContain("base.ts");
  });

  it("that is damaged anywhere is none", { timeout: 60_000 }, async () => {
    const { root, folder, cache } = remembered();
    const cold = content(await start(root, cache));
    const [name = ""] = readdirSync(folder);
    const path = join(folder, name);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      for (const bytes of [damaged, whole.subarray(0, at)]) {
        writeFileSync(path, bytes);
        const index = new WorkspaceIndex(root, () => undefined, { cache });
        expect(content(await index.snapshot(never))).toEqual(cold);
        expect(content(await index.update([], never))).toEqual(cold);
      }
    }
  });

  it("that holds something else entirely is none", async () => {
    const { root, folder, cache } = remembered();
    const cold = content(await start(root, cache));
    const [name = ""] = readdirSync(folder);
    for (const text of ["", "{}\n", '{"version":"1"}\n', "null\n", "[".repeat(5_000)]) {
      writeFileSync(join(folder, name), text);
      expect(content(await start(root, cache))).toEqual(cold);
    }
    for (const head of [
      null,
      1,
      [],
      new Map(),
      { root },
      { root, settings: 1, sources: { paths: "a", stamps: [] } },
    ]) {
      writeCache(folder, name, serialize(head), serialize(null));
      expect(content(await start(root, cache))).toEqual(cold);
    }
  });

  it("that cannot be written or read changes nothing", async () => {
    const root = project(files);
    const blocked = join(emptyFolder(), "file");
    writeFileSync(blocked, "");
    const index = new WorkspaceIndex(root, () => undefined, {
      cache: new IndexCache(join(blocked, "x"), "1"),
    });
    expect(content(await index.snapshot(never))).toEqual(content(await indexFolder(root)));
    expect(() => index.remember()).toThrow();
  });

  it("makes room: the oldest go, and what a crash left", async () => {
    const folder = emptyFolder();
    const cache = new IndexCache(folder, "1");
    mkdirSync(folder, { recursive: true });
    for (let n = 0; n < 40; n += 1) {
      writeFileSync(join(folder, `${n}.index`), "");
      utimesSync(join(folder, `${n}.index`), Date.now() / 1000 - n - 1, Date.now() / 1000 - n - 1);
    }
    writeFileSync(join(folder, "lost.index.1.tmp"), "");
    utimesSync(join(folder, "lost.index.1.tmp"), 1, 1);
    await start(project({ "a.ts": "" }), cache);
    const left = readdirSync(folder);
    expect(left).toHaveLength(24);
    expect(left).toContain("0.index");
    expect(left).not.toContain("23.index");
  });
});

/** As the cache itself writes it, with right hashes. */
function writeCache(folder: string, name: string, head: Buffer, body: Buffer): void {
  const part = (bytes: Buffer) => ({ length: bytes.length, hash: hash("sha1", bytes) });
  const line = `${JSON.stringify({ version: "1", head: part(head), body: part(body) })}\n`;
  writeFileSync(join(folder, name), Buffer.concat([Buffer.from(line), head, body]));
}
