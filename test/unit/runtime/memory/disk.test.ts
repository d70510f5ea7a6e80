import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AgentUsageError, MemoryStore, StoreError } from "../../../../src/runtime/index.ts";

let root: string;
let folder: string;
let warnings: string[];
const open = () => new MemoryStore({ folder, onWarning: (message) => warnings.push(message) });
const fileOf = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), text);
};
const valid = (agent: string, entries: unknown[], more: object = {}) =>
  JSON.stringify({ schemaVersion: 1, agent, namespace: "default", entries, ...more });
const entry = (key: string, value: unknown) => ({ key, value, writtenAt: 1, writtenBy: "a" });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "memory-disk-"));
  folder = join(root, ".proj-intel", "memory");
  warnings = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe("memory on disk", () => {
  it("makes nothing before the first write, then one file for each namespace", () => {
    const store = open();
    const mine = store.of("worker");
    expect([mine.get("k"), mine.keys(), store.grants(), store.agents()]).toEqual([undefined, [], [], []]);
    expect(store.purge()).toBe(0);
    expect(() => store.of("b").shared("worker").set("k", 1)).toThrow(/may not write/);
    expect(existsSync(folder)).toBe(false);
    mine.set("k", 1);
    mine.set("k", 2, { namespace: "my notes" });
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/^worker\+my-notes-[0-9a-f]{8}\.json$/),
      "worker.json",
    ]);
    expect(readFileSync(join(folder, "..", ".gitignore"), "utf8")).toContain("memory/");
    if (process.platform !== "win32") expect(statSync(fileOf("worker.json")).mode & 0o777).toBe(0o600);
  });

  it("lasts: values, times and grants are there for the next store", () => {
    const first = open();
    first.of("a").set("k", new Map([[1, new Date(5)]]), { tags: ["t"], ttlMs: 1e9 });
    first.of("a").grant({ to: "b", keyPrefix: "k" });
    const second = open();
    expect(second.of("b").shared("a").entry("k")).toEqual({
      ...first.of("a").entry("k"),
      value: new Map([[1, new Date(5)]]),
      tags: ["t"],
    });
    expect(second.grants()).toEqual(first.grants());
    second.of("a").revoke();
    expect(() => first.of("b").shared("a").get("k")).toThrow(/may not read/);
  });

  it("sees at once what another store wrote, and merges with it", () => {
    const [one, two] = [open().of("a"), open().of("a")];
    for (let i = 0; i < 50; i += 1) {
      one.set("n", i);
      expect(two.get("n")).toBe(i);
      two.set(`two ${i % 3}`, i);
    }
    expect(one.keys()).toEqual(["two 2", "two 0", "n", "two 1"]);
    one.clear();
    expect(two.keys()).toEqual([]);
    expect(existsSync(fileOf("a.json"))).toBe(false);
  });

  it("sees a write of the same size, in the same inode, at the same time", () => {
    const mine = open().of("a");
    const path = fileOf("a.json");
    const time = new Date(1_000_000);
    mine.set("k", 1);
    utimesSync(path, time, time);
    expect(mine.get("k")).toBe(1);
    const text = readFileSync(path, "utf8");
    const other = text
      .replace(/"revision":"[^"]*"/, `"revision":"${randomUUID()}"`)
      .replace('"value":1', '"value":2');
    writeFileSync(path, other);
    utimesSync(path, time, time);
    expect(other).toHaveLength(text.length);
    expect(mine.get("k")).toBe(2);
  });

  it("writes no secrets", () => {
    const secret = `sk-${"a".repeat(30)}`;
    open().of("a").set("k", { text: secret, password: "hunter22" });
    open().of("a").set("token", "abcdefgh");
    const text = readFileSync(fileOf("a.json"), "utf8");
    for (const gone of [secret, "hunter22", "abcdefgh"]) expect(text).not.toContain(gone);
  });

  it("does not write where nothing changes", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    const before = readFileSync(fileOf("a.json"), "utf8");
    mine.delete("never");
    mine.clear({ keyPrefix: "x" });
    mine.revoke();
    mine.revoke({ namespace: "default" });
    expect(readFileSync(fileOf("a.json"), "utf8")).toBe(before);
  });

  it("takes files that others wrote, with less in them", () => {
    const twice = [entry("k", { $type: "bigint", value: "5" }), entry("none", null), entry("k", 6)];
    write("a.json", `\uFEFF${valid("a", twice)}`);
    const mine = open().of("a");
    expect([mine.get("k"), mine.get("none"), mine.keys()]).toEqual([6, null, ["none", "k"]]);
    expect(mine.entry("k")).toMatchObject({ tags: [], expiresAt: null, redactions: 0 });
  });
});

describe("a file that cannot be used", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const cases: [string, string, RegExp][] = [
    [
      "is torn",
      valid("a", []).slice(0, -5),
      /a\.json is left alone: it is not complete JSON\. Mend the file or move it away\./,
    ],
    ["is empty", "", /not complete JSON/],
    ["holds something else", "[]", /it does not hold memory \(see .+\)/],
    ["holds nothing", "null", /it does not hold memory \(see its beginning\)/],
    ["has a wrong entry", valid("a", [{ key: 5 }]), /it does not hold memory \(see entries\.0/],
    [
      "is newer",
      JSON.stringify({ schemaVersion: 2 }),
      /schemaVersion 2, newer than this version .* update it\. The file is left alone\./,
    ],
    [
      "is of another agent",
      valid("other", []),
      /is of namespace "default" of agent "other", whose file name is the same/,
    ],
    ["is too deep", valid("a", [entry("k", 0)]).replace('"value":0', `"value":${deep}`), /left alone: /],
  ];
  it.each(cases)("because it %s, is left alone, with a clear error", (_, text, message) => {
    write("a.json", text);
    const mine = open().of("a");
    for (const use of [
      () => mine.get("k"),
      () => mine.set("k", 1),
      () => mine.delete("k"),
      () => mine.keys(),
      () => mine.grant({ to: "b" }),
    ]) {
      expect(use).toThrow(StoreError);
      expect(use).toThrow(message);
    }
    expect(readFileSync(fileOf("a.json"), "utf8")).toBe(text);
    mine.set("k", 1, { namespace: "other" });
    expect(mine.get("k", { namespace: "other" })).toBe(1);
  });

  it("is left out of lists, with one warning", () => {
    write("a.json", "{");
    write("stray.json", valid("a", [entry("k", 1)]));
    write("note.txt", "");
    const store = open();
    store.of("b").grant({ to: "a" });
    expect([store.agents(), store.of("a").received().length, store.grants().length, store.purge()]).toEqual([
      ["b"],
      1,
      1,
      0,
    ]);
    expect(warnings).toEqual([expect.stringMatching(/a\.json is left alone: it is not complete JSON/)]);
  });

  it.skipIf(process.platform === "win32")("is a link or a folder", () => {
    write("a.json", valid("a", [entry("k", 1)]));
    symlinkSync(fileOf("a.json"), fileOf("b.json"));
    mkdirSync(fileOf("c.json"));
    const store = open();
    expect(() => store.of("b").get("k")).toThrow(/left alone: it is a link/);
    expect(() => store.of("c").set("k", 1)).toThrow(/left alone: it is not a regular file/);
    const elsewhere = join(root, "elsewhere");
    mkdirSync(elsewhere);
    rmSync(folder, { recursive: true });
    symlinkSync(elsewhere, folder);
    expect(() => store.of("d").set("k", 1)).toThrow(/is a link, not a folder/);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it("has a damaged value: it alone is refused, and can be deleted", () => {
    const value = JSON.parse('{"a": {"__proto__": {"polluted": 1}}}') as unknown;
    write(
      "a.json",
      valid("a", [entry("bad", value), entry("unknown", { $type: "Thing" }), entry("good", "fine")]),
    );
    const mine = open().of("a");
    expect(mine.get("good")).toBe("fine");
    expect(() => mine.get("bad")).toThrow(
      'The value of "bad" in namespace "default" of agent "a" is damaged: it has the key "__proto__". Mend its file, or',
    );
    expect(() => mine.get("unknown")).toThrow(/it has the unknown tag "Thing"/);
    expect(() => mine.entries()).toThrow(StoreError);
    expect(() => mine.search("fine")).toThrow(/The value of "bad"/);
    expect(() => mine.search({ text: "fine", limit: 0 })).toThrow(AgentUsageError);
    mine.set("more", 1);
    expect(() => mine.get("bad")).toThrow(StoreError);
    expect([mine.delete("bad"), mine.delete("unknown")]).toEqual([true, true]);
    expect(mine.search("fine").map(({ key }) => key)).toEqual(["good"]);
  });
});

describe("a file system that fails", () => {
  it("is told clearly, and what was kept stays", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file");
    expect(() => mine.set("k", 2)).toThrow(
      /The folder .*memory cannot be prepared: a file stands where a folder is needed/,
    );
    expect(() => mine.get("k")).toThrow(/The memory .*a\.json cannot be read: a file stands where/);
    expect(() => mine.namespaces()).toThrow(/The folder .* cannot be read/);
  });

  it.skipIf(process.platform === "win32")("is read-only", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    chmodSync(root, 0o755);
    chmodSync(fileOf("a.json"), 0o644);
    chmodSync(folder, 0o555);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(() => mine.set("k", 2)).toThrow(/cannot be locked: access is denied/);
      expect(mine.get("k")).toBe(1);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(folder, 0o700);
    }
  });

  it("cannot replace the file: what was kept stays", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    const kept = readFileSync(fileOf("a.json"));
    const inTheWay = () => {
      rmSync(fileOf("a.json"));
      mkdirSync(fileOf("a.json"));
      return 2;
    };
    expect(() => mine.update("k", inTheWay)).toThrow(/The memory .*a\.json cannot be written/);
    rmSync(fileOf("a.json"), { recursive: true });
    writeFileSync(fileOf("a.json"), kept);
    expect(mine.get("k")).toBe(1);
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("cannot lock where a folder of that name stands", () => {
    mkdirSync(fileOf("a.json.lock"), { recursive: true });
    writeFileSync(fileOf("a.json.lock.breaking"), "");
    let waited = 0;
    vi.spyOn(Date, "now").mockImplementation(() => (waited += 2_000));
    expect(() => open().of("a").set("k", 1)).toThrow(
      /is in use by another process all the time: try again later/,
    );
  });

  it("is waited for while another process writes", () => {
    mkdirSync(folder, { recursive: true });
    // This process lives, so its lock is not stale.
    writeFileSync(fileOf("a.json.lock"), `${process.pid} someone ${hostname()}`);
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(fileOf("a.json.lock"), later, later);
    let waited = 0;
    const real = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => {
      waited += 1;
      return real + waited * 500;
    });
    expect(() => open().of("a").set("k", 1)).toThrow(/in use by another process/);
    vi.restoreAllMocks();
    rmSync(fileOf("a.json.lock"));
    const mine = open().of("a");
    mine.set("k", 1);
    expect(mine.get("k")).toBe(1);
  });

  it("does not write after a change that took so long that another process has the lock", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    const slow = () => {
      writeFileSync(fileOf("a.json.lock"), "another process");
      return 2;
    };
    expect(() => mine.update("k", slow)).toThrow(/was not changed: .* another process went on. Try again/);
    expect([mine.get("k"), open().of("a").get("k")]).toEqual([1, 1]);
    expect(readFileSync(fileOf("a.json.lock"), "utf8")).toBe("another process");
  });

  it("refuses files that could not be read again", () => {
    const mine = open().of("a");
    mine.set("k", 1);
    const big = "x".repeat(33 * 2 ** 20);
    mine.set("one", big);
    expect(() => mine.set("two", big)).toThrow(
      /would be larger than 64 MiB: keep less in it, or use another namespace/,
    );
    expect([mine.keys(), open().of("a").has("two")]).toEqual([["k", "one"], false]);
  });
});
