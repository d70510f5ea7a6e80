import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test, vi } from "vitest";
import type { QueueAddress } from "../../src/queue/address.ts";
import { SharedCheckpointStore } from "../../src/queue/checkpoints/sharedCheckpointStore.ts";
import { fetchCheckpoints, type FetchProgress } from "../../src/queue/checkpoints/fetchCheckpoints.ts";
import { SharedCheckpoints } from "../../src/queue/checkpoints/sharedCheckpoints.ts";
import { Courier } from "../../src/queue/courier.ts";
import { FileCheckpointStore, serializeCheckpoint, StoreError } from "../../src/runtime/index.ts";
import { checkpointStoreConformance } from "../../src/runtime/conformance.ts";
import { slug } from "../../src/runtime/files/slug.ts";
import { commandLine, jsonLines } from "../host/commandLine.ts";
import { dist, useWorkspace } from "../host/workspace.ts";
import { draft } from "../unit/runtime/checkpoint/draft.ts";
import { withoutPassword, type TestServer } from "./servers.ts";
import { newQueue, openShared, SERVERS } from "./shares.ts";

const threadFile = join(dist, "queueThread.cjs");
const workspace = useWorkspace();
const { cli, start } = commandLine(workspace);

describe.each(SERVERS)("the checkpoint store in $kind", ({ kind, start: begin }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server.stop());

  let address: QueueAddress;
  const open = () => new SharedCheckpointStore(address, { threadFile });
  const opened = (onWarning?: (message: string) => void) => {
    const store = new SharedCheckpointStore(address, { threadFile, onWarning });
    onTestFinished(() => store.close());
    return store;
  };

  describe("does what all do:", () => {
    const cases = checkpointStoreConformance({
      name: `SharedCheckpointStore on ${kind}`,
      create: () => {
        address = newQueue(server.url);
        return open();
      },
      reopen: open,
      dispose: (stores) => {
        for (const store of stores) if (store instanceof SharedCheckpointStore) store.close();
      },
    });
    it("has cases", () => expect(cases.length).toBeGreaterThan(10));
    for (const { name, run } of cases) it(name, run);
  });

  const shared = async () => {
    const opening = await openShared(address);
    onTestFinished(() => opening.close());
    return opening.files;
  };

  test("what a run left is listed, and what is saved there can be fetched into a folder", async () => {
    address = newQueue(server.url);
    const courier = new Courier(await shared());
    const local = new FileCheckpointStore(join(workspace.root, ".proj-intel", "checkpoints"));
    const sent = local.save(draft({ agent: "a/b", context: new Map([[1, 2n]]) }));
    await courier.send(workspace.root, sent.id);
    const store = opened();
    expect(store.list()).toEqual([sent]);
    expect(store.load(sent.id)).toEqual(local.load(sent.id));
    const saved = store.save(draft({ agent: "a/b", parentId: sent.id }));
    expect(await courier.fetch(workspace.root, saved.id)).toBe(true);
    expect(await courier.fetch(workspace.root, saved.id)).toBe(false);
    expect(local.load(saved.id)).toEqual(store.load(saved.id));
    const bytes = await (await shared()).get(`checkpoints/${slug("a/b")}/${sent.id}`);
    const file = join(workspace.root, ".proj-intel", "checkpoints", slug("a/b"), `${sent.id}.json`);
    expect(Buffer.from(bytes?.bytes ?? []).equals(await readFile(file))).toBe(true);
  });

  test("a save is two files in the store", async () => {
    address = newQueue(server.url);
    const store = opened();
    const { id } = store.save(draft());
    const files = await shared();
    const next = store.save(draft());
    expect(await files.list("checkpoints/worker")).toEqual(
      [id, next.id].map((each) => `checkpoints/worker/${each}`),
    );
    expect(await files.list("checkpointOf")).toEqual([id, next.id].map((each) => `checkpointOf/${each}`));
    expect(await files.list("checkpointAgents")).toEqual(["checkpointAgents/worker"]);
  });

  test("a damaged one is skipped with a warning, and one without a summary is listed", async () => {
    address = newQueue(server.url);
    const warnings: string[] = [];
    const store = opened((message) => warnings.push(message));
    const first = store.save(draft({ label: "first" }));
    const second = store.save(draft({ label: "second" }));
    const files = await shared();
    await files.remove([`checkpointOf/${first.id}`]);
    expect(store.list()).toEqual([second, first]);
    await files.put(`checkpoints/worker/${second.id}`, Buffer.from('{"schemaVersion":1'));
    expect(store.load(second.id)).toBeNull();
    expect(store.load(second.id)).toBeNull();
    expect(warnings).toEqual([expect.stringContaining(`The checkpoint ${second.id} is skipped`)]);
    await files.remove([`checkpoints/worker/${second.id}`]);
    expect(store.list()).toEqual([first]);
  });

  test("one of more than 64 MiB is refused in a sentence, and not listed", async () => {
    address = newQueue(server.url);
    const store = opened();
    const text = "x".repeat(65 * 2 ** 20);
    const refusal = /^Checkpoints of agent "worker" are larger than 64 MiB and are not carried/;
    expect(() => store.save(draft({ context: text }))).toThrow(refusal);
    expect(store.list()).toEqual([]);
    const local = new FileCheckpointStore(join(workspace.root, ".proj-intel", "checkpoints"));
    const { id } = local.save(draft({ context: text }));
    const courier = new Courier(await shared());
    await expect(courier.send(workspace.root, id)).rejects.toThrow(refusal);
    const elsewhere = await mkdtemp(join(tmpdir(), "machine-"));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    await expect(courier.fetch(elsewhere, id)).rejects.toThrow(refusal);
  });

  test("it is closed once and for all", () => {
    address = newQueue(server.url);
    const store = open();
    store.save(draft());
    store.close();
    store.close();
    expect(() => store.list()).toThrow(StoreError);
  });

  /** The password goes the way that passwords go. */
  function queueOptions(): string[] {
    const { address: url, password } = withoutPassword(server.url);
    vi.stubEnv("OPSVI_AGENTS_QUEUE_PASSWORD", password);
    onTestFinished(() => void vi.unstubAllEnvs());
    return ["--queue", url, "--queue-name", address.name];
  }

  test("checkpoints fetch that is interrupted keeps what it has, and the next one goes on", async () => {
    address = newQueue(server.url);
    const checkpoints = new SharedCheckpoints(await shared());
    const many = 1_000;
    const made = Array.from({ length: many }, () => serializeCheckpoint(draft()));
    await Promise.all(made.map(({ summary, text }) => checkpoints.put(summary, Buffer.from(text))));
    const command = ["checkpoints", "fetch", workspace.root, ...queueOptions()];
    const { child, ended } = start(...command);
    child.stdout?.once("data", () => void child.kill("SIGINT"));
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain("Stopping; what is fetched stays.");
    const folder = join(workspace.root, ".proj-intel", "checkpoints", "worker");
    const { length } = await readdir(folder);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(many);
    const rest = await cli(...command);
    expect(rest.code).toBe(0);
    expect(rest.err).toContain(`${many - length} checkpoints fetched into`);
    expect(await readdir(folder)).toHaveLength(many);
  });

  test("checkpoints are fetched a few at a time, which is told, for as long as somebody wants that", async () => {
    address = newQueue(server.url);
    const files = await shared();
    const store = new SharedCheckpoints(files);
    const made = Array.from({ length: 20 }, () => serializeCheckpoint(draft()));
    for (const { summary, text } of made) await store.put(summary, Buffer.from(text));
    const told: FetchProgress[] = [];
    const fetch = (most: number) =>
      fetchCheckpoints(files, {
        root: workspace.root,
        goesOn: (progress) => told.push({ ...progress }) < most,
      });
    expect(await fetch(2)).toEqual({ all: 20, looked: 8, fetched: 8 });
    expect(told).toEqual([
      { all: 20, looked: 0, fetched: 0 },
      { all: 20, looked: 8, fetched: 8 },
    ]);
    expect(await fetch(Infinity)).toEqual({ all: 20, looked: 20, fetched: 12 });
  });

  test("checkpoints fetch into a folder that takes none says so once, and what to do", async () => {
    address = newQueue(server.url);
    const store = opened();
    for (const agent of ["one", "two"]) store.save(draft({ agent }));
    const folder = join(workspace.root, ".proj-intel", "checkpoints");
    const command = ["checkpoints", "fetch", workspace.root, ...queueOptions()];
    await workspace.write(".proj-intel/checkpoints", "");
    expect(await cli(...command)).toEqual({
      ...{ code: 2, out: "" },
      err: `No checkpoint can be put into ${folder}: a file stands where a folder is needed; move it away.\n`,
    });
    await rm(folder);
    await symlink(tmpdir(), folder);
    const linked = await cli(...command);
    expect(linked.code).toBe(2);
    expect(linked.err).toMatch(/^\S+ is a link, not a folder; remove it [^\n]+\n$/);
  });

  test("checkpoints fetch brings what a folder lacks, of one agent or all", async () => {
    address = newQueue(server.url);
    const store = opened();
    const ids = ["one", "two", "two"].map((agent) => store.save(draft({ agent })).id);
    const queue = queueOptions();
    const fetch = (...args: string[]) => cli("checkpoints", "fetch", workspace.root, ...queue, ...args);
    const two = await fetch("--agent", "two", "--json");
    expect(two.code).toBe(0);
    const lines = jsonLines(two.out) as { type: string; data: { id: string } }[];
    expect(lines.map(({ type, data }) => `${type} ${data.id}`).sort()).toEqual(
      ids.slice(1).map((id) => `fetched ${id}`),
    );
    expect(two.err).toBe(`2 checkpoints fetched into ${workspace.root}; 2 in the shared store.\n`);
    const all = await fetch();
    expect(all).toMatchObject({ code: 0, out: expect.stringMatching(/^fetched {2}\S+\n$/) as string });
    expect((await fetch("--json")).out).toBe("");
    const listed = await cli("checkpoints", "list", workspace.root, "--json");
    const found = (jsonLines(listed.out) as { data: { id: string } }[]).map(({ data }) => data.id);
    expect(found).toEqual([...ids].reverse());
    const nobody = await fetch("--agent", "three");
    expect(nobody).toMatchObject({
      code: 2,
      err: 'Agent "three" has no checkpoints in the shared store.\n',
    });
    const files = await shared();
    const late = store.save(draft({ agent: "two" }));
    await files.put(`checkpoints/two/${late.id}`, Buffer.from("{}"));
    const damaged = await fetch();
    expect(damaged.code).toBe(1);
    expect(damaged.err).toContain(`The checkpoint ${late.id} cannot be carried`);
    expect(await readdir(join(workspace.root, ".proj-intel", "checkpoints", "two"))).toHaveLength(2);
  });
});

test("a server that is not there is a sentence", () => {
  const address: QueueAddress = { kind: "redis", url: "redis://127.0.0.1:1", name: "nobody" };
  const store = new SharedCheckpointStore(address, { threadFile });
  onTestFinished(() => store.close());
  let thrown: unknown;
  try {
    store.agents();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StoreError);
  expect((thrown as Error).message).toContain("127.0.0.1:1");
});
