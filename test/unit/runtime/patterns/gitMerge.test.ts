import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edited } from "../../../../src/runtime/patterns/edit.ts";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";
import { PatternsStore } from "../../../../src/runtime/patterns/store.ts";
import { uniteAll } from "../../../../src/runtime/patterns/unite.ts";

let root: string;
const warnings: string[] = [];
const folder = () => join(root, ".proj-intel");
const file = () => join(folder(), "error_patterns.json");
const open = () => new ErrorPatternLearner(folder(), { onWarning: (sentence) => warnings.push(sentence) });
const git = (...rest: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...rest], {
    cwd: root,
    encoding: "utf8",
    stdio: "pipe",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });
const words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split(" ");
const error = (word: string) => Object.assign(new Error(`${word} is gone`), { stack: "" });

function record(list: readonly string[], agent: string): void {
  const learner = open();
  for (const word of list) learner.recordError(error(word), { agent });
  learner.flush();
}
function commit(message: string): void {
  git("add", "-A");
  git("commit", "-qm", message);
}

beforeEach(() => {
  warnings.length = 0;
  root = mkdtempSync(join(tmpdir(), "git-merge-"));
  git("init", "-q", "-b", "main");
  writeFileSync(join(root, "readme"), "");
  record(words.slice(0, 6), "base");
  commit("base");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Both branches begin without each other's journals, as two machines do. */
function onBranch(name: string, change: () => void): void {
  git("checkout", "-q", "-b", name, "main");
  rmSync(join(folder(), "error_patterns.journal"), { recursive: true, force: true });
  change();
  commit(name);
}

describe("two branches", () => {
  it("of which both learned, are merged by git alone, in whatever place", () => {
    onBranch("one", () => record([...words.slice(0, 3), ...words.slice(6, 9)], "one"));
    onBranch("two", () => record([...words.slice(1, 5), ...words.slice(9, 12)], "two"));
    git("merge", "-q", "--no-edit", "one");
    rmSync(join(folder(), "error_patterns.journal"), { recursive: true, force: true });
    const patterns = open().patterns();
    expect(patterns.map(({ normalised }) => normalised).sort()).toEqual(
      words.map((word) => `${word} is gone`).sort(),
    );
    const beta = patterns.find(({ normalised }) => normalised === "beta is gone");
    expect(beta).toMatchObject({
      occurrences: 2,
      agents: expect.arrayContaining(["base", "one", "two"]) as string[],
    });
    record(["alpha"], "after");
    JSON.parse(readFileSync(file(), "utf8"));
    expect(open().patterns()).toHaveLength(words.length);
    expect(warnings).toEqual([]);
  });

  it("of a file that another program began, are merged by git alone once it is written here", () => {
    rmSync(folder(), { recursive: true });
    const theirs = (signature: string) => ({ error_signature: signature, error_type: "E", solutions: [] });
    mkdirSync(folder());
    writeFileSync(
      file(),
      JSON.stringify({ version: "1.0.0", patterns: [theirs("aa"), theirs("bb")] }, null, 2),
    );
    record(["alpha"], "base");
    commit("theirs, with ours");
    onBranch("one", () => record(["beta", "alpha"], "one"));
    onBranch("two", () => record(["gamma", "alpha"], "two"));
    git("merge", "-q", "--no-edit", "one");
    rmSync(join(folder(), "error_patterns.journal"), { recursive: true, force: true });
    expect(open().patterns()).toHaveLength(5);
    rmSync(join(folder(), ".gitattributes"));
    record(["delta"], "after");
    expect(existsSync(join(folder(), ".gitattributes"))).toBe(false);
    expect(warnings).toEqual([]);
  });

  it("of which one was edited, keep the edit", () => {
    onBranch("one", () => record(words.slice(0, 6), "one"));
    onBranch("two", () => {
      const store = new PatternsStore(folder(), { warn: (sentence) => warnings.push(sentence) });
      const [pattern] = store.patterns();
      const { error_signature: signature } = pattern ?? { error_signature: "" };
      store.edit((patterns) => edited(patterns, { kind: "rename", signature, title: "Ours" }, new Date()));
    });
    git("merge", "-q", "--no-edit", "one");
    expect(
      open()
        .patterns()
        .filter(({ title }) => title === "Ours"),
    ).toMatchObject([{ occurrences: 2 }]);
    expect(warnings).toEqual([]);
  });

  it("that touched different patterns merge also where git has no attributes", () => {
    rmSync(join(folder(), ".gitattributes"));
    commit("without attributes");
    const [first, , third] = open().patterns();
    const setTitle = (signature = "") => {
      const text = readFileSync(file(), "utf8");
      writeFileSync(file(), text.replace(`{"error_signature":"${signature}"`, `$&,"title":"T"`));
    };
    onBranch("one", () => setTitle(first?.error_signature));
    onBranch("two", () => setTitle(third?.error_signature));
    git("merge", "-q", "--no-edit", "one");
    expect(
      open()
        .patterns()
        .filter(({ title }) => title === "T"),
    ).toHaveLength(2);
  });
});

it("uniting a file again changes nothing, in whatever order", () => {
  const other = mkdtempSync(join(tmpdir(), "theirs-"));
  cpSync(folder(), other, { recursive: true });
  const theirs = new ErrorPatternLearner(other);
  theirs.recordError(error("alpha"), { agent: "theirs" }, { fix: "restart" });
  theirs.recordOutcome(error("alpha"), "restart", true);
  theirs.recordError(error("omega"));
  record(["beta"], "ours");
  const [ours, them] = [open().patterns(), theirs.patterns()];
  rmSync(other, { recursive: true });
  const once = uniteAll(ours, them);
  expect(uniteAll(once, them)).toEqual(once);
  expect(uniteAll(once, ours)).toEqual(once);
  expect(once).toHaveLength(7);
  const alpha = once.find(({ normalised }) => normalised === "alpha is gone");
  expect(alpha).toMatchObject({ occurrences: 2, solutions: [{ fix: "restart", successes: 1 }] });
});
