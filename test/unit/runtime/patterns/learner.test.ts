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
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ErrorPatternLearner } from "../../../../src/runtime/index.ts";
import { ErrorPatterns } from "../../../../src/runtime/patterns/schema.ts";

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

  it("keeps solutions, best first, and finds them for the next such error", () => {
    const learner = open();
    const error = (id: number) => new Error(`disk ${id} is full`);
    learner.recordError(error(1), {}, { fix: "wait", success_rate: 0.2 });
    learner.recordError(error(2), {}, { fix: "free space" });
    learner.recordError(error(3), {}, { fix: "wait", success_rate: 0.3 });
    expect(open().getSolution(error(4))).toMatchObject({ fix: "free space", success_rate: 1, groups: ["4"] });
    expect(learner.patterns()[0]?.solutions).toEqual([
      { fix: "free space", success_rate: 1 },
      { fix: "wait", success_rate: 0.3 },
    ]);
    expect(learner.getSolution(new Error("unknown"))).toBeNull();
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
    });
    learner.recordError(new Error("new"));
    learner.flush();
    const text = readFileSync(file, "utf8");
    expect(JSON.parse(text)).toMatchObject({
      version: "1.0.0",
      patterns: [existing.patterns[0], { error_type: "Error", occurrences: 1 }],
      statistics: { total_patterns: 2, total_solutions: 2, custom: "keep me too" },
    });
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
    const started = performance.now();
    expect(learner.getSolution(new Error("a".repeat(900) + "!"))).toBeNull();
    expect(performance.now() - started).toBeLessThan(2500);
  });

  it("cannot stop it with very many of them either", () => {
    const [pattern] = existing.patterns;
    const evil = Array.from({ length: 40 }, (_, i) => ({
      ...pattern,
      error_signature: `evil${i}`,
      pattern: `(a+)+${i}$`,
    }));
    writeFileSync(file, JSON.stringify({ ...existing, patterns: evil }));
    const started = performance.now();
    expect(open().getSolution(new Error("a".repeat(900) + "!"))).toBeNull();
    expect(performance.now() - started).toBeLessThan(4000);
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
  // Just below the limit; indented as it is written, above it.
  const note = "n".repeat(2 ** 20);
  const patterns = Array.from({ length: 31 }, (_, i) => ({
    error_signature: `s${i}`,
    note,
    many: Array(9e4).fill(1),
  }));
  const text = JSON.stringify({
    version: "1.0.0",
    patterns: patterns.map((p, i) => (i < 2 ? p : { ...p, many: [] })),
  });
  writeFileSync(file, text);
  const learner = open();
  learner.recordError(new Error("waits"));
  learner.flush();
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(warnings.join()).toMatch(/would be larger than 32 MiB/);
  expect(learner.patterns()).toHaveLength(32);
});

it.skipIf(process.platform === "win32")("follows no link, which may lead to an endless device", () => {
  symlinkSync("/dev/zero", file);
  const learner = open();
  learner.recordError(new Error("waits"));
  const journals = join(folder, "error_patterns.journal");
  symlinkSync("/dev/zero", join(journals, "other_1_0.jsonl"));
  symlinkSync("/dev/zero", join(journals, "folded.json"));
  expect(learner.patterns()).toMatchObject([{ occurrences: 1 }]);
  expect(warnings.join()).toMatch(/left alone: it is a link/);
});

it("keeps the journal of a dead process that cannot be read", () => {
  const learner = open();
  learner.recordError(new Error("x"));
  const journal = join(folder, "error_patterns.journal", `${hostname()}_${2 ** 22 + 1}_0a.jsonl`);
  mkdirSync(journal);
  learner.recordError(new Error("x"));
  learner.flush();
  expect(existsSync(journal)).toBe(true);
  expect(warnings).toEqual([]);
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
    expect(onDisk().patterns.map(({ occurrences }) => occurrences)).toEqual([2, 1]);
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
  const record = async (count: number) => {
    const child = fork(join(import.meta.dirname, "recordMany.ts"), [folder, String(count)]);
    await once(child, "exit");
  };

  it("lose no error", { timeout: 60_000 }, async () => {
    await Promise.all(Array.from({ length: 4 }, () => record(250)));
    const learner = open();
    const total = (patterns: { occurrences: number }[]) =>
      patterns.reduce((sum, p) => sum + p.occurrences, 0);
    expect(total(learner.patterns())).toBe(1000);
    learner.recordError(new Error("last"));
    learner.flush();
    expect(total(onDisk().patterns)).toBe(1001);
    const journals = readdirSync(join(folder, "error_patterns.journal")).filter((name) =>
      name.endsWith(".jsonl"),
    );
    expect(journals).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});
