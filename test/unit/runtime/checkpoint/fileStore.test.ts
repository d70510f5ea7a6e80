import { fork } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileCheckpointStore, StoreError } from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";

let folder: string;
let root: string;
let warnings: string[];
const open = () => new FileCheckpointStore(root, { onWarning: (message) => warnings.push(message) });
const fileOf = (id: string) => join(root, "worker", `${id}.json`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-store-"));
  root = join(folder, ".proj-intel", "checkpoints");
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("files of the store", () => {
  it("are the documented ones, readable by their owner only", () => {
    const { id, hash } = open().save(draft());
    expect(JSON.parse(readFileSync(fileOf(id), "utf8"))).toMatchObject({
      schemaVersion: 1,
      id,
      hash,
      agent: "worker",
      context: { step: 1 },
    });
    expect(readdirSync(join(root, "worker")).sort()).toEqual([`${id}.json`]);
    open().list();
    expect(readdirSync(join(root, "worker")).sort()).toEqual([`${id}.json`, "index.jsonl"]);
    if (process.platform !== "win32") expect(statSync(fileOf(id)).mode & 0o777).toBe(0o600);
  });

  it("stay out of git, where the user has not said otherwise", () => {
    open().save(draft());
    const ignore = join(folder, ".proj-intel", ".gitignore");
    expect(readFileSync(ignore, "utf8")).toMatch(/^checkpoints\/$[^]*^runs\/$[^]*^memory\/$/m);
    writeFileSync(ignore, "mine");
    open().save(draft());
    expect(readFileSync(ignore, "utf8")).toBe("mine");
  });

  it("are read where the index is missing, torn or wrong, and the index is mended", () => {
    const store = open();
    const ids = [store.save(draft()).id, store.save(draft()).id, store.save(draft()).id].reverse();
    const index = join(root, "worker", "index.jsonl");
    store.list();
    truncateSync(index, statSync(index).size - 10);
    appendFileSync(index, '\n{"id":"foreign"}\nnot json\n');
    expect(
      open()
        .list()
        .map(({ id }) => id),
    ).toEqual(ids);
    rmSync(index);
    const rebuilt = open().list();
    expect(rebuilt.map(({ id }) => id)).toEqual(ids);
    expect(readFileSync(index, "utf8").trim().split("\n")).toHaveLength(3);
    expect(open().list()).toEqual(rebuilt);
    expect(warnings).toEqual([]);
  });

  it("that were removed disappear from the list", () => {
    const store = open();
    const { id } = store.save(draft());
    rmSync(fileOf(id));
    expect(store.list()).toEqual([]);
    expect(store.latest("worker")).toBeNull();
  });
});

describe("a file that cannot be used is skipped with one warning, and left alone", () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    ["torn", (text) => text.slice(0, text.length / 2), /not complete JSON/],
    ["empty", () => "", /not complete JSON/],
    ["changed", (text) => text.replace('"step":1', '"step":2'), /hash/],
    ["foreign", () => '{"hello":"world"}', /not a checkpoint/],
    ["of a newer schema", (text) => text.replace('"schemaVersion":1', '"schemaVersion":2'), /newer/],
    ["reaching for a prototype", (text) => text.replace('"step"', '"__proto__"'), /hash|__proto__/],
  ];
  it.each(cases)("%s", (_, change, why) => {
    const store = open();
    const good = store.save(draft({ label: "good" }));
    const { id } = store.save(draft({ label: "bad" }));
    const text = change(readFileSync(fileOf(id), "utf8"));
    writeFileSync(fileOf(id), text);
    const fresh = open();
    expect(fresh.latest("worker")?.id).toBe(good.id);
    expect(fresh.load(id)).toBeNull();
    fresh.latest("worker");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(why);
    expect(warnings[0]).toContain(id);
    expect(readFileSync(fileOf(id), "utf8")).toBe(text);
  });

  it("named otherwise", () => {
    const store = open();
    store.save(draft());
    writeFileSync(join(root, "worker", "worker_1699999999.json"), "{}");
    writeFileSync(join(root, "worker", "pins.json"), "[]");
    expect(open().list()).toHaveLength(1);
    expect(warnings.join()).toMatch(/worker_1699999999\.json is skipped: it is foreign/);
    expect(warnings).toHaveLength(1);
  });
});

describe("links", () => {
  it("of an agent's folder are not followed out of the root", () => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    mkdirSync(root, { recursive: true });
    symlinkSync(outside, join(root, "worker"), "dir");
    expect(() => open().save(draft())).toThrow(StoreError);
    expect(readdirSync(outside)).toEqual([]);
    expect(open().list()).toEqual([]);
  });

  it.each([".proj-intel", ".proj-intel/checkpoints"])("%s is not followed either", (path) => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    const link = join(folder, "clone", path);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(outside, link, "dir");
    const store = new FileCheckpointStore(join(folder, "clone", ".proj-intel", "checkpoints"));
    expect(() => store.save(draft())).toThrow(/is a link, not a folder/);
    expect(readdirSync(outside)).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("to an endless device in place of the index are not read", () => {
    const { id } = open().save(draft());
    const index = join(root, "worker", "index.jsonl");
    symlinkSync("/dev/zero", index);
    expect(open().list()).toMatchObject([{ id }]);
  });

  it("of a checkpoint file or the index are not followed", () => {
    const store = open();
    const { id } = store.save(draft());
    const outside = join(folder, "outside.json");
    writeFileSync(outside, readFileSync(fileOf(id)));
    rmSync(fileOf(id));
    symlinkSync(outside, fileOf(id));
    expect(store.load(id)).toBeNull();
    const index = join(root, "worker", "index.jsonl");
    writeFileSync(join(folder, "elsewhere"), "");
    symlinkSync(join(folder, "elsewhere"), index);
    store.save(draft());
    expect(store.list()).toHaveLength(1);
    expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("");
  });
});

describe("a folder that cannot be written", () => {
  it("makes a clear error, and what was saved stays readable", () => {
    const store = open();
    const { id } = store.save(draft());
    writeFileSync(join(root, "blocked"), "a file");
    expect(() => store.save(draft({ agent: "blocked" }))).toThrow(
      /agent "blocked" cannot be written.*move it away/,
    );
    expect(store.load(id)).not.toBeNull();
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("such as a read-only one", () => {
    const store = open();
    const { id } = store.save(draft());
    chmodSync(join(root, "worker"), 0o500);
    try {
      expect(() => store.save(draft())).toThrow(/access is denied/);
      expect(store.load(id)).not.toBeNull();
    } finally {
      chmodSync(join(root, "worker"), 0o700);
    }
  });
});

it("refuses what it could not read again", () => {
  const store = open();
  expect(() => store.save(draft({ context: { text: "x".repeat(257 * 2 ** 20) } }))).toThrow(
    /agent "worker" is larger than 256 MiB/,
  );
  expect(store.list()).toEqual([]);
});

it("removes temporary files that a killed process left, but not those of a running one", () => {
  open().save(draft());
  const old = join(root, "worker", ".old.json.1.tmp");
  const young = join(root, "worker", ".young.json.1.tmp");
  writeFileSync(old, "");
  writeFileSync(young, "");
  utimesSync(old, 0, 0);
  open().save(draft());
  expect(existsSync(old)).toBe(false);
  expect(existsSync(young)).toBe(true);
});

it("loses no acknowledged checkpoint to kill -9, and stays readable", { timeout: 60_000 }, async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 8; round += 1) {
    const child = fork(join(import.meta.dirname, "saveForever.ts"), [root], { stdio: "ignore" });
    child.on("message", (id) => acknowledged.push(id as string));
    await once(child, "message");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    child.kill("SIGKILL");
    await once(child, "close");
  }
  const store = open();
  const listed = new Set(store.list().map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThan(8);
  expect(acknowledged.filter((id) => !listed.has(id))).toEqual([]);
  for (const id of listed) expect(store.load(id)?.context).toMatchObject({ payload: "x".repeat(20_000) });
  expect(warnings).toEqual([]);
});
