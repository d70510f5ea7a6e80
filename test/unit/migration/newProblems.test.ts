import { describe, expect, test } from "vitest";
import { newProblems } from "../../../src/migration/newProblems.ts";
import { textAfter } from "../../../src/migration/textEdits.ts";
import type { FileChange, MigrationPlan, TextEdit } from "../../../src/model/migrationPlan.ts";
import type { TypeCheckReport, TypeProblem } from "../../../src/model/typeCheck.ts";

const legacy = "// head\nclass A {}\nclass B {}\n";
const importText = "import x;\n";
const adapterA = "class AAdapter {}\n";
const adapterB = "class BAdapter {}\n";

function plan(name: string, ...changes: FileChange[]): MigrationPlan {
  return { action: "migrate", file_path: "a.ts", name, adapter: `${name}Adapter`, changes };
}

function insert(start: number, text: string, rest: Partial<TextEdit> = {}): TextEdit {
  return { start, end: start, text, ...rest };
}

function change(path: string, before: string | null, ...edits: TextEdit[]): FileChange {
  return { path: `/root/${path}`, before, edits };
}

/** Wraps both classes of one file: the second plan is made on what the first leaves. */
function both(): { plans: [MigrationPlan, MigrationPlan]; text: string } {
  const first = change(
    "a.ts",
    legacy,
    insert(legacy.indexOf("class A"), importText, { shared: true }),
    insert(legacy.indexOf("class B"), adapterA),
  );
  const between = textAfter(first);
  const second = change("a.ts", between, insert(between.length, adapterB));
  return { plans: [plan("A", first), plan("B", second)], text: textAfter(second) };
}

function problem(path: string | null, line: number, character: number, code = 1, message = "m"): TypeProblem {
  return { path, line, character, code, message };
}

function report(...problems: TypeProblem[]): TypeCheckReport {
  const compiler = { version: "6.0.3", origin: "project" } as const;
  return { projects: [{ config: "tsconfig.json", compiler, problems, durationMs: 1 }], unchecked: [] };
}

function compare(
  plans: MigrationPlan[],
  before: TypeCheckReport,
  after: TypeCheckReport,
): [TypeProblem, string[]][] {
  const found = newProblems({ root: "/root", before, after, plans });
  return found.map((one) => [one.problem, one.plans.map(({ name }) => name)]);
}

test("the text of these tests is as they count on", () => {
  expect(both().text).toBe(`// head\n${importText}class A {}\n${adapterA}class B {}\n${adapterB}`);
});

describe("A problem outside inserted text", () => {
  test("is the same where only its line moved", () => {
    const before = report(problem("a.ts", 1, 4), problem("a.ts", 2, 7), problem("a.ts", 3, 7));
    const after = report(problem("a.ts", 1, 4), problem("a.ts", 3, 7), problem("a.ts", 5, 7));
    expect(compare(both().plans, before, after)).toEqual([]);
  });

  test("is new where another kind was, where none was, and where there are more", () => {
    const before = report(problem("a.ts", 2, 7, 1), problem("b.ts", 1, 1, 1));
    const added = [
      problem("a.ts", 3, 7, 2, "of AAdapter"),
      problem("b.ts", 1, 1, 1),
      problem("b.ts", 9, 1, 3),
    ];
    const after = report(problem("b.ts", 1, 1, 1), ...added);
    expect(compare(both().plans, before, after)).toEqual([
      [added[0], ["A"]],
      [added[1], []],
      [added[2], []],
    ]);
  });

  test("is the same where an unknown name is now said with a suggestion, or no longer", () => {
    const before = report(problem("b.ts", 1, 1, 2304), problem("b.ts", 2, 1, 2552), problem("b.ts", 3, 1, 1));
    const found = problem("b.ts", 3, 1, 2304);
    const after = report(problem("b.ts", 1, 1, 2552), problem("b.ts", 2, 1, 2304), found);
    expect(compare(both().plans, before, after)).toEqual([[found, []]]);
  });

  test("comes from the one class that changed its file", () => {
    const [first, second] = [
      plan("A", change("a.ts", "a\n", insert(2, adapterA))),
      plan("B", change("b.ts", "b\n", insert(2, adapterB))),
    ];
    const found = problem("b.ts", 1, 1, 2, "AAdapter is not BAdapter");
    expect(compare([first, second], report(), report(found))).toEqual([[found, ["B"]]]);
  });

  test("comes from the one class whose adapter it names, as a whole word", () => {
    const { plans } = both();
    const found = (message: string) =>
      compare(plans, report(), report(problem("c.ts", 1, 1, 2, message)))[0]?.[1];
    expect(found("Module './a' has already exported a member named 'BAdapter'.")).toEqual(["B"]);
    expect(found("Property '$BAdapter' is missing in MyAAdapter.")).toEqual([]);
    expect(found("Type 'AAdapter' is not 'BAdapter'.")).toEqual([]);
  });

  test("of the project as a whole is known by its text", () => {
    const before = report(problem(null, 0, 0, 5, "one"));
    const after = report(problem(null, 0, 0, 5, "one"), problem(null, 0, 0, 5, "two of AAdapter"));
    expect(compare(both().plans, before, after)).toEqual([
      [problem(null, 0, 0, 5, "two of AAdapter"), ["A"]],
    ]);
  });
});

describe("A problem in inserted text", () => {
  test("is new and comes from the class that it was inserted for, even where the same was before", () => {
    const before = report(problem("a.ts", 3, 7), problem("a.ts", 4, 1));
    const after = report(
      problem("a.ts", 4, 1),
      problem("a.ts", 6, 18),
      problem("a.ts", 5, 7),
      problem("a.ts", 7, 1),
    );
    expect(compare(both().plans, before, after)).toEqual([
      [problem("a.ts", 4, 1), ["A"]],
      [problem("a.ts", 6, 18), ["B"]],
    ]);
  });

  test("of a name that the class's file does not find either says so", () => {
    const message = "Cannot find namespace 'Cloud'.";
    const before = report(problem("a.ts", 2, 9, 2503, message), problem("b.ts", 1, 1, 2503, "Other."));
    const told = (code: number, text: string) =>
      compare(both().plans, before, report(problem("a.ts", 4, 1, code, text)))[0]?.[0].message;
    expect(told(2503, message)).toBe(
      "Cannot find namespace 'Cloud' (line 2 of the class's file has the same error, are the project's packages installed?)",
    );
    expect(told(2503, "Other.")).toBe("Other.");
    expect(told(2322, message)).toBe(message);
  });

  test("that serves all adapters of the file comes from all of them", () => {
    expect(compare(both().plans, report(), report(problem("a.ts", 2, 1)))).toEqual([
      [problem("a.ts", 2, 1), ["A", "B"]],
    ]);
  });

  test("starts at its first character and ends before the next", () => {
    const plans = [plan("A", change("a.ts", "ab", insert(1, "xyz")))];
    const found = [1, 2, 4, 5].map((character) => problem("a.ts", 1, character));
    expect(compare(plans, report(problem("a.ts", 1, 1), problem("a.ts", 1, 2)), report(...found))).toEqual([
      [problem("a.ts", 1, 2), ["A"]],
      [problem("a.ts", 1, 4), ["A"]],
    ]);
  });

  test("of a file that it creates is its own; of a runtime that all share it is not known whose", () => {
    const sibling = change("a.adapter.ts", null, insert(0, adapterA));
    const runtime = change("opsvi-agents/core.mjs", null, insert(0, "core\n"));
    const after = report(problem("a.adapter.ts", 1, 2), problem("opsvi-agents/core.mjs", 1, 1));
    expect(compare([plan("A", sibling, runtime), plan("B")], report(), after)).toEqual([
      [problem("a.adapter.ts", 1, 2), ["A"]],
      [problem("opsvi-agents/core.mjs", 1, 1), []],
    ]);
  });

  test("that replaces other text may have the problems of that", () => {
    const before = "class A {}\nold;\n";
    const start = before.indexOf("old");
    const plans = [plan("A", change("a.ts", before, { start, end: start + 4, text: "new;\nnew;" }))];
    const old = report(problem("a.ts", 2, 1, 6, "unused"));
    expect(compare(plans, old, report(problem("a.ts", 3, 1, 6, "unused")))).toEqual([]);
    expect(
      compare(plans, old, report(problem("a.ts", 2, 1, 6, "unused"), problem("a.ts", 3, 1, 6, "unused"))),
    ).toEqual([[problem("a.ts", 3, 1, 6, "unused"), ["A"]]]);
    expect(compare(plans, old, report(problem("a.ts", 3, 1, 6, "other")))).toEqual([
      [problem("a.ts", 3, 1, 6, "other"), ["A"]],
    ]);
  });
});

test("lines end as compilers see it, and a byte order mark is no character", () => {
  const before = "\uFEFFclass A {}\r\nb\rc\u2028d\n";
  const plans = [
    plan("A", change("a.ts", before, insert(1, "import x;\r\n"), insert(before.length, adapterA))),
  ];
  const old = report(
    problem("a.ts", 1, 7),
    problem("a.ts", 2, 1),
    problem("a.ts", 3, 1),
    problem("a.ts", 4, 1),
  );
  const moved = [problem("a.ts", 2, 7), problem("a.ts", 3, 1), problem("a.ts", 4, 1), problem("a.ts", 5, 1)];
  expect(compare(plans, old, report(...moved, problem("a.ts", 1, 1), problem("a.ts", 6, 1)))).toEqual([
    [problem("a.ts", 1, 1), ["A"]],
    [problem("a.ts", 6, 1), ["A"]],
  ]);
});

test("of a project that was not checked before only inserted text counts", () => {
  const before = { ...report(), projects: [] };
  const after = report(problem("a.ts", 1, 1), problem("a.ts", 6, 1), problem("b.ts", 1, 1));
  expect(compare(both().plans, before, after)).toEqual([[problem("a.ts", 6, 1), ["B"]]]);
});
