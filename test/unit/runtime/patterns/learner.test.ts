import { fork } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";
import { ErrorPatterns } from "../../../../src/runtime/patterns/schema.ts";
import { PatternsStore } from "../../../../src/runtime/patterns/store.ts";

let folder: string;
let file: string;
let warnings: string[];
const open = () => new ErrorPatternLearner(folder, { onWarning: (message) => warnings.push(message) });
const onDisk = () => ErrorPatterns.parse(JSON.parse(readFileSync(file, "utf8")));

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "learner-")), ".proj-intel");
  mkdirSync(folder);
  file = join(folder, "error_patterns.json");
  warnings = [];
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

/** The shape of existing files. */
const existing = {
  version: "1.0.0",
  last_updated: "2025-08-14T00:00:00Z",
  patterns: [
    {
      error_signature: "a1b2c3d4e5f6",
      error_type: "ImportError",
      pattern: "No module named '([^']+)'",
      solutions: [
        { fix: "Add to PYTHONPATH", success_rate: 0.85, code_snippet: "export PYTHONPATH={module_path}" },
        {
          fix: "Install missing module via pip",
          success_rate: 0.95,
          code_snippet: "pip install {module_name}",
        },
      ],
      first_seen: "2025-08-14T00:00:00Z",
      last_seen: "2025-08-14T00:00:00Z",
      occurrences: 0,
      team_note: "keep me",
    },
  ],
  statistics: { total_patterns: 1, custom: "keep me too" },
};

describe("recording", () => {
  it("counts equal errors in one pattern, on disk at once", () => {
    const learner = open();
    const error = (id: number) => new TypeError(`no item ${id}`);
    const signature = learner.recordError(error(1), { agent: "a" });
    expect(onDisk().patterns).toHaveLength(1);
    expect(learner.recordError(error(2), { agent: "b" })).toBe(signature);
    expect(learner.patterns()).toMatchObject([
      {
        error_signature: signature,
        error_type: "TypeError",
        pattern: String.raw`no\s+item\s+(\S+)`,
        occurrences: 2,
        agents: ["a", "b"],
        last_message: "no item 2",
      },
    ]);
    learner.flush();
    expect(onDisk().patterns[0]?.occurrences).toBe(2);
    expect(onDisk().statistics).toMatchObject({ total_patterns: 1, most_common_error: "TypeError" });
    expect(warnings).toEqual([]);
  });

  it("names the last agents it happened to", () => {
    const learner = open();
    for (let i = 0; i < 30; i += 1) learner.recordError(new Error("x"), { agent: `a${i % 25}` });
    expect(learner.patterns()[0]?.agents).toEqual(Array.from({ length: 20 }, (_, i) => `a${(i + 10) % 25}`));
  });

  it("keeps solutions, best first, and finds them for the next such error", () => {
    const learner = open();
    const error = (id: number) => new Error(`disk ${id} is full`);
    learner.recordError(error(1), {}, { fix: "wait", success_rate: 0.2 });
    learner.recordError(error(2), {}, { fix: "free space" });
    learner.recordError(error(3), {}, { fix: "wait", success_rate: 0.3 });
    expect(open().getSolution(error(4))).toMatchObject({ fix: "free space", success_rate: 1, groups: ["4"] });
    expect(learner.patterns()[0]?.solutions).toEqual([
      { fix: "free space", success_rate: 1, learned: true },
      { fix: "wait", success_rate: 0.3, learned: true },
    ]);
    expect(learner.getSolution(new Error("unknown"))).toBeNull();
  });

  it("counts an error whatever comes with it", () => {
    const learner = open();
    for (const context of [null, undefined, 5, { agent: 5, runId: {} }]) {
      learner.recordError(new Error("x"), context as never, null as never);
    }
    expect(open().patterns()).toMatchObject([{ occurrences: 4, agents: [] }]);
    expect(warnings).toEqual(["A solution needs a fix: say in words what to do."]);
  });

  it("never throws into the agent, but warns once", () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file");
    const learner = open();
    expect(learner.recordError(new Error("x"))).toHaveLength(12);
    learner.recordError(new Error("x"));
    learner.flush();
    expect(warnings[0]).toMatch(/cannot be/);
    expect(learner.patterns()).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("is told once for each message, and never more than 100 times", () => {
    const learner = open();
    for (let i = 0; i < 150; i += 1) {
      writeFileSync(file, JSON.stringify({ version: `${i + 2}.0`, patterns: [] }));
      learner.flush();
      learner.patterns();
    }
    expect(warnings).toHaveLength(100);
    expect(new Set(warnings).size).toBe(100);
  });

  it("needs a sensible number of patterns", () => {
    for (const maxPatterns of [0, -1, 1.5, Number.NaN, Infinity]) {
      expect(() => new ErrorPatternLearner(folder, { maxPatterns })).toThrow(/at least 1/);
    }
  });

  it("warns the process where nobody else wants to know", async () => {
    writeFileSync(file, "{");
    const warned = once(process, "warning") as Promise<[Error]>;
    new ErrorPatternLearner(folder).patterns();
    expect((await warned)[0].message).toMatch(/left alone: it is not complete JSON/);
  });
});

describe("memory and files", () => {
  it("are bounded: old and rare patterns are dropped, and counted", () => {
    const learner = new ErrorPatternLearner(folder, { maxPatterns: 20 });
    for (let i = 0; i < 5; i += 1) learner.recordError(new Error("often"));
    learner.recordError(new Error("solved"), {}, { fix: "restart" });
    for (let i = 0; i < 200; i += 1)
      learner.recordError(new Error(`only ${String.fromCodePoint(0x4e00 + i)}`));
    learner.flush();
    const { patterns, statistics } = onDisk();
    expect(patterns).toHaveLength(20);
    const kept = patterns.map((pattern) => pattern.normalised);
    expect(kept).toEqual(expect.arrayContaining(["often", "solved"]));
    expect(kept.filter((message) => String(message).startsWith("only "))).toHaveLength(18);
    expect(statistics).toMatchObject({ dropped_patterns: 182, total_patterns: 20 });
  });

  it("are bounded for long messages and huge stacks", () => {
    const learner = open();
    const error = new Error("long ".repeat(1e6));
    error.name = "N".repeat(1e6);
    error.stack = `Error: x\n${"    at f (/a/b.js:1:1)\n".repeat(1e5)}`;
    error.cause = new Error("cause ".repeat(1e6));
    learner.recordError(error, {}, { fix: "x".repeat(1e6) });
    learner.flush();
    expect(readFileSync(file, "utf8").length).toBeLessThan(20_000);
  });

  it("are bounded where nothing can be folded, and errors count again when it can", () => {
    writeFileSync(file, "{");
    const learner = open();
    const journals = join(folder, "error_patterns.journal");
    mkdirSync(journals);
    const other = join(journals, `elsewhere_1_0000000a.jsonl`);
    writeFileSync(other, `${" ".repeat(2 ** 20 - 1)}\n`.repeat(33));
    learner.recordError(new Error("x"));
    expect(warnings.join()).toMatch(/the journals are full; mend/);
    expect(readdirSync(journals)).toEqual(["elsewhere_1_0000000a.jsonl"]);
    rmSync(other);
    learner.recordError(new Error("x"));
    expect(learner.patterns()).toMatchObject([{ occurrences: 1 }]);
  });

  it("make room by folding where that is possible", () => {
    const journals = join(folder, "error_patterns.journal");
    mkdirSync(journals);
    const other = join(journals, `${hostname()}_${2 ** 22 + 1}_0000000a.jsonl`);
    open().recordError(new Error("first"));
    const [own = ""] = readdirSync(journals).filter((name) => name.endsWith(".jsonl"));
    const line = `{"signature":"abc","type":"E","pattern":"","normalised":"","message":"","frames":[],"algorithm":3,"time":"2025-01-01T00:00:00Z","agent":null,"runId":null,"solution":null}`;
    writeFileSync(other, `${line}\n${`${" ".repeat(2 ** 20 - 1)}\n`.repeat(33)}`);
    const learner = open();
    learner.recordError(new Error("second"));
    expect(onDisk().patterns.map(({ occurrences }) => occurrences)).toEqual([1, 1]);
    learner.flush();
    expect(onDisk().patterns.map(({ occurrences }) => occurrences)).toEqual([1, 1, 1]);
    expect(existsSync(other)).toBe(false);
    expect(existsSync(join(journals, own))).toBe(true);
    expect(warnings).toEqual([]);
  });
});

describe("existing files", () => {
  it("are matched by their regular expressions, and keep every field when errors are added", () => {
    writeFileSync(file, JSON.stringify(existing));
    const learner = open();
    expect(learner.getSolution(new Error("No module named 'requests'"))).toEqual({
      fix: "Install missing module via pip",
      success_rate: 0.95,
      code_snippet: "pip install {module_name}",
      error_signature: "a1b2c3d4e5f6",
      groups: ["requests"],
      evidence: {
        successes: 0,
        failures: 0,
        lowerBound: expect.closeTo(0.461, 3) as number,
        matchedBy: "pattern",
      },
    });
    learner.recordError(new Error("new"));
    learner.flush();
    const text = readFileSync(file, "utf8");
    expect(JSON.parse(text)).toMatchObject({
      version: "1.0.0",
      patterns: expect.arrayContaining([
        expect.objectContaining({ ...existing.patterns[0], solutions: expect.anything() as unknown }),
        expect.objectContaining({ error_type: "Error", occurrences: 1 }),
      ]) as unknown,
      statistics: { total_patterns: 2, total_solutions: 2, custom: "keep me too" },
    });
  });

  it("may name a signature twice, and nothing of it is lost", () => {
    const learner = open();
    const error_signature = learner.recordError(new Error("twice"));
    const given = ["first", "second"].map((note) => ({ error_signature, note, occurrences: 1 }));
    writeFileSync(file, JSON.stringify({ version: "1.0.0", patterns: given }));
    learner.recordOutcome(error_signature, "try again", true);
    learner.flush();
    expect(onDisk().patterns).toMatchObject([
      { note: "first", solutions: [{ fix: "try again" }] },
      { note: "second", occurrences: 1, solutions: [] },
    ]);
  });

  it("may begin with a byte order mark", () => {
    writeFileSync(file, `\uFEFF${JSON.stringify(existing)}`);
    const learner = open();
    learner.recordError(new Error("new"));
    learner.flush();
    expect(onDisk().patterns).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it("may be the proposal's map by signature, with seconds", () => {
    const map = {
      abc123: {
        error_type: "ValueError",
        pattern: "bad (\\w+)",
        solutions: [{ fix: "f" }],
        first_seen: 10,
        last_seen: 20,
        occurrences: 3,
      },
    };
    writeFileSync(file, JSON.stringify(map));
    expect(open().patterns()).toMatchObject([
      { error_signature: "abc123", first_seen: "1970-01-01T00:00:10.000Z", occurrences: 3 },
    ]);
    expect(open().getSolution(new Error("bad thing"))).toMatchObject({ fix: "f", groups: ["thing"] });
  });

  it("cannot stop the program with a regular expression that runs for ages", () => {
    const [pattern] = existing.patterns;
    const evil = ["(a+)+$", "(.*)*x", "((a|a)*)*b", "[", "x".repeat(5000)].map((source, i) => ({
      ...pattern,
      error_signature: `evil${i}`,
      pattern: source,
    }));
    writeFileSync(file, JSON.stringify({ ...existing, patterns: [...evil, ...existing.patterns] }));
    const learner = open();
    expect(learner.getSolution(new Error("No module named 'q'"))).toMatchObject({ groups: ["q"] });
    expect(learner.getSolution(new Error("a".repeat(900) + "!"))).toBeNull();
  });

  it("cannot stop it with very many of them either", () => {
    const [pattern] = existing.patterns;
    const evil = Array.from({ length: 200 }, (_, i) => ({
      ...pattern,
      error_signature: `evil${i}`,
      pattern: `(a+)+${i}$`,
    }));
    writeFileSync(file, JSON.stringify({ ...existing, patterns: evil }));
    expect(open().getSolution(new Error("a".repeat(900) + "!"))).toBeNull();
  });

  it("may hold times beyond any calendar and keys that reach for prototypes", () => {
    const text = JSON.stringify({ ...existing, patterns: [{ ...existing.patterns[0], first_seen: 1e300 }] });
    writeFileSync(file, text.replace('"team_note"', '"__proto__":{"polluted":true},"team_note"'));
    const [pattern] = open().patterns();
    expect(pattern?.first_seen).toBe("1970-01-01T00:00:00.000Z");
    expect(pattern?.polluted).toBeUndefined();
    const learner = open();
    learner.recordError(new Error("new"));
    learner.flush();
    expect(onDisk().patterns).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["damaged", '{"version":"1.0.0","patterns":[{"err', /not complete JSON/],
    ["in conflict", '<<<<<<< HEAD\n{"version":"1.0.0"}', /not complete JSON/],
    ["foreign", '{"version":"1.0.0","patterns":5}', /does not hold/],
    ["newer", '{"version":"2.0.0","patterns":[]}', /newer/],
    ["wrong in one place", '{"patterns":[{"error_signature":"a"},{}]}', /see patterns\.1\.error_signature/],
    ["huge", " ".repeat(33 * 2 ** 20), /larger than 32 MiB/],
  ])("that are %s are left alone; what is recorded waits until they are mended", (_, text, why) => {
    writeFileSync(file, text);
    const learner = open();
    learner.recordError(new Error("waits"));
    learner.flush();
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(why);
    expect(learner.patterns()).toMatchObject([{ occurrences: 1 }]);
    writeFileSync(file, JSON.stringify(existing));
    learner.flush();
    expect(onDisk().patterns.map(({ occurrences }) => occurrences)).toEqual([0, 1]);
  });
});

it("never writes a file larger than it would read", () => {
  // Just below the limit; with what each pattern has when it is written, above it.
  const note = "n".repeat(2 ** 20);
  const patterns = Array.from({ length: 10_000 }, (_, i) => ({
    error_signature: `s${i}`,
    ...(i < 31 ? { note } : {}),
  }));
  const text = JSON.stringify({ version: "1.0.0", patterns });
  writeFileSync(file, text);
  const learner = open();
  learner.recordError(new Error("waits"));
  learner.flush();
  expect(readFileSync(file, "utf8") === text).toBe(true);
  expect(warnings.join()).toMatch(/would be larger than 32 MiB/);
  expect(learner.patterns()).toHaveLength(10_001);
});

it.skipIf(process.platform === "win32")("follows no link, which may lead to an endless device", () => {
  symlinkSync("/dev/zero", file);
  const learner = open();
  learner.recordError(new Error("waits"));
  const journals = join(folder, "error_patterns.journal");
  symlinkSync("/dev/zero", join(journals, "other_1_00000000.jsonl"));
  symlinkSync("/dev/zero", join(journals, "folded.json"));
  expect(learner.patterns()).toMatchObject([{ occurrences: 1 }]);
  expect(warnings.join()).toMatch(/left alone: it is a link/);
});

describe.skipIf(process.platform === "win32")("a folder of journals that is a link", () => {
  const week = (8 * 24 * 3600 * 1000) / 1000;
  let elsewhere: string;
  beforeEach(() => {
    elsewhere = join(folder, "..", "elsewhere");
    mkdirSync(elsewhere);
    for (const name of ["customers.jsonl", "folded.json", "host_1_0000000a.jsonl"]) {
      writeFileSync(join(elsewhere, name), `${name}\n`);
      utimesSync(join(elsewhere, name), Date.now() / 1000 - week, Date.now() / 1000 - week);
    }
  });
  const untouched = () => {
    expect(readdirSync(elsewhere).sort()).toEqual([
      "customers.jsonl",
      "folded.json",
      "host_1_0000000a.jsonl",
    ]);
    expect(readFileSync(join(elsewhere, "folded.json"), "utf8")).toBe("folded.json\n");
  };

  it("gets nothing and loses nothing, and a sentence says so", () => {
    writeFileSync(file, JSON.stringify(existing));
    const journals = join(folder, "error_patterns.journal");
    symlinkSync(elsewhere, journals);
    const learner = open();
    learner.recordError(new Error("x"));
    learner.flush();
    expect(learner.patterns()).toHaveLength(1);
    untouched();
    expect(onDisk()).toMatchObject(existing);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^Errors cannot be recorded in .*journal is a link, not a folder; remove it .*inside\.$/,
      ),
      expect.stringMatching(/cannot be written: .*journal is a link, not a folder/),
      expect.stringMatching(/journal is a link, not a folder: what is in .* is not counted/),
    ]);
    const store = new PatternsStore(folder, { warn: () => undefined });
    expect(() => store.edit((patterns) => patterns.slice(1))).toThrow(/journal is a link, not a folder/);
    untouched();
    rmSync(journals);
    learner.recordError(new Error("x"));
    expect(learner.patterns()).toHaveLength(2);
  });

  it("also by the folder that it is in, and where it became one since", () => {
    const learner = open();
    learner.recordError(new Error("x"));
    rmSync(join(folder, "error_patterns.journal"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "error_patterns.journal"));
    learner.recordError(new Error("y"));
    learner.flush();
    untouched();
    rmSync(folder, { recursive: true });
    symlinkSync(elsewhere, folder);
    learner.recordError(new Error("z"));
    learner.flush();
    untouched();
  });
});

it("keeps what others put beside the journals, however old", () => {
  const learner = open();
  learner.recordError(new Error("x"));
  const others = ["customers.jsonl", "h_1_0.jsonl", "notes_1_abcdefgh.jsonl"].map((name) =>
    join(folder, "error_patterns.journal", name),
  );
  const text = readFileSync(
    join(folder, "error_patterns.journal", readdirSync(join(folder, "error_patterns.journal"))[0] ?? ""),
    "utf8",
  );
  for (const path of others) {
    writeFileSync(path, text);
    utimesSync(path, 1, 1);
  }
  learner.recordError(new Error("x"));
  learner.flush();
  expect(learner.patterns()).toMatchObject([{ occurrences: 2 }]);
  for (const path of others) expect(readFileSync(path, "utf8")).toBe(text);
});

it("keeps the journal of a dead process that cannot be read", () => {
  const learner = open();
  learner.recordError(new Error("x"));
  const journal = join(folder, "error_patterns.journal", `${hostname()}_${2 ** 22 + 1}_0000000a.jsonl`);
  mkdirSync(journal);
  learner.recordError(new Error("x"));
  learner.flush();
  expect(existsSync(journal)).toBe(true);
  expect(warnings).toEqual([]);
});

describe("journals", () => {
  const journals = () => join(folder, "error_patterns.journal");

  it("of other machines are removed when nobody used them for a week", () => {
    const learner = open();
    learner.recordError(new Error("x"));
    const line = readFileSync(
      join(journals(), readdirSync(journals()).find((n) => n.endsWith("l")) ?? ""),
      "utf8",
    );
    for (const [name, days] of [
      ["elsewhere_1_0000000a.jsonl", 8],
      ["elsewhere_2_0000000b.jsonl", 6],
    ] as const) {
      writeFileSync(join(journals(), name), line);
      const time = Date.now() / 1000 - days * 24 * 3600;
      utimesSync(join(journals(), name), time, time);
    }
    learner.flush();
    expect(onDisk().patterns).toMatchObject([{ occurrences: 3 }]);
    expect(existsSync(join(journals(), "elsewhere_1_0000000a.jsonl"))).toBe(false);
    expect(existsSync(join(journals(), "elsewhere_2_0000000b.jsonl"))).toBe(true);
  });

  it("of others are read as far as a second allows, the newest first; folding counts the rest", () => {
    const learner = open();
    learner.recordError(new Error("own"));
    writeFileSync(file, "{");
    learner.recordError(new Error("own"));
    const own = readdirSync(journals()).find((name) => name.endsWith(".jsonl")) ?? "";
    const [line = ""] = readFileSync(join(journals(), own), "utf8").split("\n");
    const lines = `${line}${" ".repeat(2000 - line.length)}\n`.repeat(2000);
    for (let at = 0; at < 6; at += 1) {
      const path = join(journals(), `elsewhere_${at}_0000000a.jsonl`);
      writeFileSync(path, lines.replaceAll('"agent":null', `"agent":"${at}"`));
      utimesSync(path, Date.now() / 1000 - 60 * at, Date.now() / 1000 - 60 * at);
    }
    const [pattern] = learner.patterns();
    expect(pattern?.occurrences).toBeGreaterThan(4000);
    expect(pattern?.occurrences).toBeLessThan(6000);
    expect(pattern?.agents).not.toContain("5");
    expect(warnings.at(-1)).toMatch(/more than 8 MiB .* the newest is counted here/);
    writeFileSync(file, JSON.stringify({ version: "1.0.0", patterns: [] }));
    learner.flush();
    expect(onDisk().patterns).toMatchObject([{ occurrences: 12_001, agent_counts: { 0: 2000, 5: 2000 } }]);
    learner.flush();
    expect(open().patterns()).toMatchObject([{ occurrences: 12_001 }]);
  });

  it("that were removed or replaced are read from their start", () => {
    const learner = open();
    for (let i = 0; i < 3; i += 1) learner.recordError(new Error("x"));
    learner.flush();
    const name = readdirSync(journals()).find((n) => n.endsWith(".jsonl")) ?? "";
    rmSync(join(journals(), name));
    learner.recordError(new Error("x"));
    learner.flush();
    expect(onDisk().patterns).toMatchObject([{ occurrences: 4 }]);
    rmSync(journals(), { recursive: true });
    learner.recordError(new Error("x"));
    learner.flush();
    expect(onDisk().patterns).toMatchObject([{ occurrences: 5 }]);
    expect(warnings).toEqual([]);
  });

  it("may hold lines that are none", () => {
    const learner = open();
    learner.recordError(new Error("x"));
    writeFileSync(join(journals(), "elsewhere_1_0000000a.jsonl"), '{"signature":1}\nnot JSON\n{"half');
    expect(learner.patterns()).toMatchObject([{ occurrences: 1 }]);
  });

  it("are not lengthened for days: the owner of an old one takes a new one", () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    try {
      const learner = open();
      learner.recordError(new Error("x"));
      vi.advanceTimersByTime(25 * 3600 * 1000);
      learner.recordError(new Error("x"));
      expect(readdirSync(journals()).filter((n) => n.endsWith(".jsonl"))).toHaveLength(2);
      expect(learner.patterns()).toMatchObject([{ occurrences: 2 }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are followed by a new one when they are long and folded", () => {
    const learner = open();
    const own = () => readdirSync(journals()).filter((name) => name.endsWith(".jsonl"));
    const long = () => learner.recordError(new Error(`x ${"y".repeat(1500)}`));
    long();
    const [first = ""] = own();
    for (let i = 1; i < 300; i += 1) long();
    learner.flush();
    learner.recordError(new Error("z"));
    expect(own()).toHaveLength(1);
    expect(own()).not.toContain(first);
    expect(
      learner
        .patterns()
        .map(({ occurrences }) => occurrences)
        .sort(),
    ).toEqual([1, 300]);
  });
});

describe("a fold that was cut short", () => {
  it("counts nothing twice and loses nothing", () => {
    const learner = open();
    learner.recordError(new Error("one"));
    const before = readFileSync(file, "utf8");
    learner.recordError(new Error("one"));
    learner.flush();
    expect(onDisk().patterns[0]?.occurrences).toBe(2);
    // As if the process had died between noting the fold and replacing the file.
    writeFileSync(file, before);
    expect(open().patterns()[0]?.occurrences).toBe(2);
    open().recordError(new Error("other"));
    expect(
      onDisk()
        .patterns.map(({ occurrences }) => occurrences)
        .sort(),
    ).toEqual([1, 2]);
  });

  it("breaks the lock of a process that is gone", () => {
    const gone = 2 ** 22 + 1;
    writeFileSync(join(folder, "error_patterns.lock"), `${gone} x ${hostname()}`);
    const learner = open();
    learner.recordError(new Error("x"));
    expect(learner.patterns()[0]?.occurrences).toBe(1);
  });
});

describe("several processes", () => {
  const start = (...rest: string[]) =>
    fork(join(import.meta.dirname, "recordMany.ts"), [folder, "1000", ...rest]);
  const total = (patterns: { occurrences: number }[]) => patterns.reduce((sum, p) => sum + p.occurrences, 0);
  const journals = () =>
    readdirSync(join(folder, "error_patterns.journal")).filter((name) => name.endsWith(".jsonl"));

  it("lose no error, 8 with 1,000 each", { timeout: 120_000 }, async () => {
    await Promise.all(Array.from({ length: 8 }, () => once(start(), "exit")));
    const learner = open();
    expect(total(learner.patterns())).toBe(8000);
    learner.recordError(new Error("last"));
    learner.flush();
    expect(total(onDisk().patterns)).toBe(8001);
    expect(journals()).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it("count what was recorded once, also where one is killed", { timeout: 120_000 }, async () => {
    const acknowledged = join(folder, "acknowledged");
    const killed = start(acknowledged);
    const others = Array.from({ length: 3 }, () => once(start(), "exit"));
    await once(killed, "message");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    await Promise.all(others);
    const done = readFileSync(acknowledged).length;
    expect(done).toBeGreaterThan(300);
    const learner = open();
    const counted = total(learner.patterns()) - 3000;
    // One may be recorded that was not told of any more.
    expect([done, done + 1]).toContain(counted);
    learner.recordError(new Error("last"));
    learner.flush();
    expect(total(onDisk().patterns)).toBe(3000 + counted + 1);
    expect(journals()).toHaveLength(1);
  });
});

describe("recordTold", () => {
  it("counts an error under the signature that it was counted under elsewhere", () => {
    const elsewhere = join(folder, "elsewhere");
    const error = new Error("fetch failed", { cause: new RangeError("port 70000 is none") });
    const signature = new ErrorPatternLearner(elsewhere).recordError(error);
    const { name, message } = error;
    const learner = open();
    learner.recordTold({ name, message, signature }, { agent: "a", runId: "r" });
    const [pattern, ...others] = learner.patterns();
    expect(others).toEqual([]);
    expect(pattern).toMatchObject({ error_signature: signature, error_type: "Error", occurrences: 1 });
    expect(learner.recordError(error)).toBe(signature);
    expect(learner.patterns()).toMatchObject([{ error_signature: signature, occurrences: 2 }]);
  });

  it("takes what is no signature for none, and takes secrets out", () => {
    const learner = open();
    learner.recordTold({ name: "Error", message: "bad sk-abcdefghijklmnopqrstuvwx", signature: "../up" });
    const [pattern] = learner.patterns();
    expect(pattern?.error_signature).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(pattern)).not.toContain("sk-abcdef");
  });
});
