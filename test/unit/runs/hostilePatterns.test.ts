import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PatternDetail, PatternRow } from "../../../src/model/patterns.ts";
import { PatternService } from "../../../src/runs/patterns/service.ts";

const longestMs = 5_000;
const all = { text: "", type: "", agent: "", muted: true, sort: "last" } as const;

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostile-"));
  mkdirSync(join(root, ".proj-intel"));
  file = join(root, ".proj-intel/error_patterns.json");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What the panel gets: the notes, the first rows, and the detail of the first one, all of it in time. */
async function opened(): Promise<{ notes: string[]; rows: PatternRow[]; detail: PatternDetail | null }> {
  const started = performance.now();
  const service = new PatternService();
  const { notes } = await service.read(root);
  const { version } = await service.query([{ root, folder: "f" }], all, null);
  const rows = (await service.rows(version, 0, 100)) ?? [];
  const [first] = rows;
  const detail = first === undefined ? null : await service.detail(root, "f", first.signature);
  expect(performance.now() - started).toBeLessThan(longestMs);
  // What is no plain data does not reach the page.
  structuredClone({ rows, detail });
  return { notes, rows, detail };
}

const pattern = (signature: string, more: object = {}) => ({ error_signature: signature, ...more });
const write = (patterns: unknown[]) => writeFileSync(file, JSON.stringify({ version: "1.0.0", patterns }));

describe("A patterns file that is none", () => {
  it("is not read where it is far too large", async () => {
    writeFileSync(file, "");
    truncateSync(file, 200 * 2 ** 20);
    expect((await opened()).notes).toEqual([expect.stringContaining("it is larger than 32 MiB")]);
  });

  it.skipIf(process.platform === "win32")("is not waited for where it is a pipe", async () => {
    execFileSync("mkfifo", [file]);
    expect((await opened()).notes).toEqual([expect.stringContaining("it is not a regular file")]);
    const imported = new PatternService().importFile(root, file);
    await expect(imported).rejects.toThrow("it is not a regular file");
  });

  it.each(["1e400", "9".repeat(400)])("is told where a count is %.5s…", async (count) => {
    writeFileSync(file, `{"patterns":[{"error_signature":"a","occurrences":${count}}]}`);
    expect((await opened()).notes).toEqual([expect.stringContaining("(see patterns.0.occurrences)")]);
  });
});

describe("A hostile patterns file", () => {
  it("may count beyond all bounds where that is left out", async () => {
    const counts = `"run_count":1e400,"days":{"2026-01-01":1e400},"agent_counts":{"A":${"9".repeat(400)}}`;
    const solution = `{"fix":"x","success_rate":1e400,"successes":1e400,"failures":-1e400}`;
    writeFileSync(
      file,
      `{"patterns":[{"error_signature":"a","occurrences":1e300,${counts},"agents":["A"],"solutions":[${solution}]}]}`,
    );
    const { notes, rows, detail } = await opened();
    expect(notes).toEqual([]);
    expect(rows).toMatchObject([{ signature: "a", days: null }]);
    expect(detail).toMatchObject({ counts: [{ agent: "A", count: null }], runCount: 0 });
    expect(detail?.solutionRows).toMatchObject([{ successes: 0, failures: 0 }]);
    expect(detail?.solutionRows[0]?.lowerBound).toBeLessThanOrEqual(1);
  });

  it("reaches no prototype by its names", async () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
    const own = `{"__proto__":{"polluted":true},"constructor":7}`;
    const texts = names.map(
      (name) =>
        `{"error_signature":"${name}","error_type":"${name}","normalised":"${name}","agents":${JSON.stringify(names)},"samples":${JSON.stringify(names)},"agent_counts":${own},"days":${own},"__proto__":{"polluted":true},"merged_into":"valueOf","solutions":[{"fix":"${name}","__proto__":{"polluted":true}}]}`,
    );
    writeFileSync(file, `{"patterns":[${texts.join(",")}],"__proto__":{"polluted":true}}`);
    const { rows, detail } = await opened();
    expect(rows.map(({ signature }) => signature).sort()).toEqual(names.toSorted());
    expect(detail?.samples).toEqual(names);
    expect(detail?.counts).toContainEqual({ agent: "constructor", count: 7 });
    expect(detail?.counts).toContainEqual({ agent: "toString", count: null });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((detail as { polluted?: boolean } | null)?.polluted).toBeUndefined();
  });

  it("may merge in circles, and in a chain of 10,000", async () => {
    write([
      pattern("a", { merged_into: "b" }),
      pattern("b", { merged_into: "a" }),
      pattern("c", { merged_into: "c" }),
    ]);
    expect((await opened()).rows.map(({ signature, merged }) => [signature, merged])).toEqual([
      ["a", 1],
      ["c", 0],
    ]);
    write(Array.from({ length: 10_000 }, (_, at) => pattern(`s${at}`, { merged_into: `s${at + 1}` })));
    const { rows, detail } = await opened();
    expect(rows).toMatchObject([{ signature: "s9999", merged: 9999 }]);
    expect(detail?.members.length).toBeLessThan(1000);
  });

  it("may be full of lists, of which some of each are shown", async () => {
    const texts = Array.from({ length: 20_000 }, (_, at) => `text ${at}`);
    const split = texts.map((contains) => ({ by: "message", contains: `(${contains}+)+$`, into: contains }));
    const solutions = texts.map((fix) => ({ fix, success_rate: 0.5 }));
    const lists = { agents: texts, samples: texts, frames: texts, split, solutions };
    write([pattern("a", lists), pattern("b", { error_type: "T".repeat(1e6), normalised: "m".repeat(1e6) })]);
    const { rows, detail } = await opened();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify({ rows, detail }).length).toBeLessThan(1e6);
    expect(detail?.solutionRows.length).toBeGreaterThan(10);
    const preview = await new PatternService().preview(root, { kind: "merge", signature: "a", into: "b" });
    expect(JSON.stringify(preview).length).toBeLessThan(1e5);
  });

  it("tells scripts as the texts that they are, and what a solution says of itself decides nothing", async () => {
    const script = "<script>alert(1)</script>";
    const action = { type: "code", code: "return {}" };
    write([
      pattern("a", {
        ...{ normalised: script, title: script, samples: [script] },
        solutions: [
          { fix: script, approved: true, action: { ...action, approved: true } },
          { fix: "plain", approved: true, hash: "0".repeat(64), action },
        ],
      }),
    ]);
    const { rows, detail } = await opened();
    expect(rows).toMatchObject([{ message: script, title: script }]);
    expect(detail?.solutionRows.map(({ action: shown }) => shown)).toMatchObject([
      { words: null, text: null, problem: expect.stringMatching(/^its action cannot be used: /) as string },
      { words: "run again with what its code changes", text: "return {}", problem: null },
    ]);
  });
});
