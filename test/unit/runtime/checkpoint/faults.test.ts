import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  FileCheckpointStore,
  type ManagedCheckpointStore,
  SqliteCheckpointStore,
} from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";
import { hasSqlite } from "./sqlite.ts";

/** More of them: OPSVI_FAULT_EXECUTIONS=20000. */
const executions = Number(process.env["OPSVI_FAULT_EXECUTIONS"] ?? 500);
const timeout = 20_000 + executions * 40;

const bundles = mkdtempSync(join(tmpdir(), "faults-"));
const program = join(bundles, "faults.mjs");
// Node 20 runs no TypeScript.
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, "faults.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  }),
);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

interface Kind {
  kind: string;
  placeIn: (folder: string) => string;
  open: (
    place: string,
    onWarning: (message: string) => void,
  ) => ManagedCheckpointStore & { close?: () => void };
}
const kinds: Kind[] = [
  {
    kind: "file",
    placeIn: (folder) => join(folder, "checkpoints"),
    open: (place, onWarning) => new FileCheckpointStore(place, { onWarning }),
  },
  ...(hasSqlite
    ? [
        {
          kind: "sqlite",
          placeIn: (folder: string) => join(folder, "database", "checkpoints.sqlite"),
          open: (place: string, onWarning: (message: string) => void) =>
            new SqliteCheckpointStore(place, { onWarning }),
        },
      ]
    : []),
];

/** A process that does what faults.ts knows; `lines` grows as it says complete lines. */
class Doer {
  readonly lines: string[] = [];
  readonly closed: Promise<unknown>;
  readonly #child: ChildProcess;
  #rest = "";
  #errors = "";
  constructor(args: string[]) {
    this.#child = spawn(process.execPath, ["--no-warnings", program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stderr?.on("data", (data: Buffer) => (this.#errors += data.toString()));
    this.#child.stdout?.on("data", (data: Buffer) => {
      const lines = (this.#rest + data.toString()).split("\n");
      this.#rest = lines.pop() ?? "";
      this.lines.push(...lines);
    });
    this.closed = once(this.#child, "close");
  }
  /** Kills it at a random moment of its work, and waits until what it said is read. */
  async kill(withinMs: number): Promise<void> {
    while (this.lines.length === 0 && this.#child.exitCode === null) await wait(2);
    await wait(Math.random() * withinMs);
    this.#child.kill("SIGKILL");
    await this.closed;
    expect(this.#errors).toBe("");
  }
  said(what: string): string[] {
    return this.lines.flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));
  }
}

function run(args: string[]): { said: (what: string) => string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", program, ...args], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const lines = stdout.split("\n");
  return {
    said: (what) =>
      lines.flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : [])),
  };
}

describe.each(kinds)("the $kind store", ({ kind, placeIn, open }) => {
  let folder: string;
  let place: string;
  let warnings: string[];
  const opened: { close?: () => void }[] = [];
  const openStore = () => {
    const store = open(place, (message) => warnings.push(message));
    opened.push(store);
    return store;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faults-"));
    place = placeIn(folder);
    warnings = [];
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close?.();
    spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it(`loses no acknowledged checkpoint of ${executions} executions to kill -9`, { timeout }, async () => {
    const acknowledged: string[] = [];
    let done = 0;
    let kills = 0;
    // On a fast machine one process may do them all before it is killed.
    while (done < executions || kills < 3) {
      const doer = new Doer([kind, place, "execute"]);
      await doer.kill(Math.max(400, executions));
      const saved = doer.said("saved");
      acknowledged.push(...saved);
      done += doer.lines.filter((line) => line === "done").length;
      kills += 1;
      const store = openStore();
      for (const id of saved.slice(-5)) expect(store.load(id)?.id).toBe(id);
      expect(store.latest("worker")?.id.localeCompare(saved.at(-1) ?? "~")).toBeGreaterThanOrEqual(0);
    }
    const store = openStore();
    const listed = store.list();
    const ids = new Set(listed.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    for (const id of ids) expect(store.load(id)?.agentType).toBe("unit");
    expect(warnings).toEqual([]);
  });

  it(
    "is whole after processes that save, pin and prune at once were killed",
    { timeout: 40_000 },
    async () => {
      const pinned: string[] = [];
      let saves = 0;
      for (let round = 0; round < 4; round += 1) {
        const doers = ["a", "b"].map((agent) => new Doer([kind, place, "prune", `${agent}${round}`]));
        await Promise.all(doers.map((doer) => doer.kill(400)));
        pinned.push(...doers.flatMap((doer) => doer.said("pinned")));
        saves += doers.flatMap((doer) => doer.said("saved")).length;
        const store = openStore();
        const listed = store.list();
        for (const { id } of listed) expect(store.lineage(id)).toMatchObject({ note: null });
        const ids = new Set(listed.map(({ id }) => id));
        expect(pinned.filter((id) => !ids.has(id))).toEqual([]);
        expect(pinned.filter((id) => !store.pins().includes(id))).toEqual([]);
        for (const doer of doers) {
          const last = doer.said("saved").at(-1) ?? "";
          expect(store.load(last)?.id).toBe(last);
        }
      }
      const store = openStore();
      for (const { id } of store.list()) expect(store.load(id)).not.toBeNull();
      expect(store.list().length).toBeLessThan(saves);
      expect(warnings).toEqual([]);
    },
  );

  it("says that the disk is full, and keeps what it has", (context) => {
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
    if (status !== 0) context.skip("a small file system cannot be mounted here");
    mkdirSync(join(folder, "database"), { recursive: true });
    writeFileSync(join(folder, "filler"), Buffer.alloc(200_000));
    const filled = run([kind, place, "fill"]);
    const saved = filled.said("saved");
    expect(filled.said("failed")).toEqual([
      expect.stringMatching(
        /^StoreError A checkpoint of agent "worker" cannot be written.*the disk is full; free some/,
      ),
    ]);
    expect(filled.said("listed")).toEqual([String(saved.length)]);
    expect(saved.length).toBeGreaterThan(5);
    rmSync(join(folder, "filler"));
    const store = openStore();
    expect(store.list().map(({ id }) => id)).toEqual(saved.toReversed());
    saved.forEach((id, n) => expect(store.load(id)?.context).toEqual({ text: String(n).repeat(2_000) }));
    const more = store.save(draft());
    expect(store.latest("worker")?.id).toBe(more.id);
    expect(warnings).toEqual([]);
  });

  it("says that the file system is read-only, and keeps what it has", (context) => {
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
    if (status !== 0) context.skip("a file system cannot be mounted here");
    const { id } = openStore().save(draft());
    for (const store of opened.splice(0)) store.close?.();
    execFileSync("mount", ["-o", "remount,ro", folder]);
    const attempt = () => openStore().save(draft());
    expect(attempt).toThrow(/read-only|cannot be opened/);
    expect(attempt).toThrow(expect.objectContaining({ name: "StoreError" }));
    if (kind === "file") expect(openStore().list()).toMatchObject([{ id }]);
    execFileSync("mount", ["-o", "remount,rw", folder]);
    expect(openStore().load(id)?.context).toEqual(draft().context);
  });

  it.skipIf(process.getuid?.() !== 0)("says that access is denied, and keeps what it has", () => {
    const store = openStore();
    const { id } = store.save(draft());
    const said = run([kind, place, "denied", id]).said("failed");
    expect(said.length).toBeGreaterThanOrEqual(3);
    for (const line of said)
      expect(line).toMatch(/^StoreError .*(denied|cannot be opened|There is no checkpoint)/);
    expect(store.load(id)?.context).toEqual(draft().context);
    chmodSync(folder, 0o755);
    expect(store.list()).toHaveLength(1);
  });

  it("says that a file stands in its way", () => {
    writeFileSync(join(folder, kind === "file" ? "checkpoints" : "database"), "mine");
    expect(() => openStore().save(draft())).toThrow(/a file stands where a folder is needed; move it away/);
    expect(readFileSync(join(folder, kind === "file" ? "checkpoints" : "database"), "utf8")).toBe("mine");
  });
});
