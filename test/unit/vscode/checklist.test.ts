import { describe, expect, it } from "vitest";
import { allWanted } from "../../../src/vscode/migrate/checklist/wanted.ts";
import {
  checklistMessage,
  checklistNodes,
  type ChecklistNode,
} from "../../../src/vscode/migrate/checklist/nodes.ts";
import { PreparedFolder, type FolderOptions } from "../../../src/vscode/migrate/checklist/prepared.ts";
import { undoSentence } from "../../../src/vscode/migrate/undoSentence.ts";
import type { MigrationPlan, PlanRequest, PlanResult } from "../../../src/model/migrationPlan.ts";
import { record } from "./record.ts";

const options: FolderOptions = {
  ...{ action: "migrate", placement: "same-file", runtime: "vendored" },
  ...{ verify: true, commit: false },
};
const texts: Record<string, string> = { "/w/a.ts": "A\n", "/w/b.ts": "B\n" };

/** Appends a line for each class, each on what the plans before it leave, and creates the runtime with the first. */
function planner(calls: string[] = []) {
  return (requests: PlanRequest[]): Promise<PlanResult[]> => {
    calls.push(requests.map(({ name }) => name).join(" "));
    const now = new Map(Object.entries(texts));
    let first = true;
    return Promise.resolve(
      requests.map(({ file, name, method }): PlanResult => {
        if (name === "No") return { status: "refused", reason: "No cannot be constructed." };
        if (name === "Ask" && method === undefined)
          return { status: "choice", reason: "Ask has no method that is known.", methods: ["go", "stop"] };
        const before = now.get(file) ?? "";
        const text = `adapter of ${name}\n`;
        now.set(file, before + text);
        const changes: MigrationPlan["changes"] = [
          { path: file, before, edits: [{ start: before.length, end: before.length, text }] },
        ];
        if (first) {
          for (const path of ["/w/opsvi-agents/core.mjs", "/w/opsvi-agents/opsvi-agents.json"])
            changes.push({ path, before: null, edits: [{ start: 0, end: 0, text: "{}" }] });
        }
        first = false;
        const plan = {
          action: "migrate",
          file_path: file.slice(3),
          name,
          adapter: `${name}Adapter`,
        } as const;
        return { status: "ready", plan: { ...plan, changes } };
      }),
    );
  };
}

async function prepared(names: readonly string[], calls?: string[]): Promise<PreparedFolder> {
  const folder = new PreparedFolder("/w", "w", { ...options }, planner(calls));
  await folder.prepare(
    names.map((name, index) => {
      const file_path = index < 2 ? "a.ts" : "b.ts";
      return { file_path, name, line: 1, left: null, request: { file: `/w/${file_path}`, name } };
    }),
  );
  return folder;
}

const picture = (nodes: readonly ChecklistNode[], indent = ""): string[] =>
  nodes.flatMap((node) => [
    `${indent}${node.checked === null ? "" : node.checked ? "[x] " : "[ ] "}${node.label}  ${node.description}`.trimEnd(),
    ...picture(node.children, `${indent}  `),
  ]);

describe("The checklist of a migration", () => {
  it("groups by readiness; only what is ready has a box", async () => {
    const folder = await prepared(["One", "Two", "Ask", "No"]);
    expect(picture(checklistNodes([folder]))).toEqual([
      "[x] Ready (2)",
      "  [x] One  a.ts",
      "  [x] Two  a.ts",
      "Needs a choice (1)",
      "  Ask  Ask has no method that is known.",
      "Cannot (1)",
      "  No  No cannot be constructed.",
    ]);
    expect(checklistMessage([folder])).toBe("2 classes in 1 file · vendored runtime · types verified");
  });

  it("has a level of folders where there are several", async () => {
    const folders = [await prepared(["One"]), await prepared(["No"])];
    expect(picture(checklistNodes(folders))).toEqual([
      "w  1 class",
      "  [x] Ready (1)",
      "    [x] One  a.ts",
      "w  0 classes",
      "  Cannot (1)",
      "    No  No cannot be constructed.",
    ]);
  });

  it("plans the rest of a file anew where a class is unchecked, and no other file", async () => {
    const calls: string[] = [];
    const folder = await prepared(["One", "Two", "Three"], calls);
    const [one, two] = folder.classes;
    if (one === undefined || two === undefined) throw new Error("There are no classes.");
    expect(folder.stepOf(two)?.after).toBe("A\nadapter of One\nadapter of Two\n");
    await folder.check([one], false);
    expect(calls).toEqual(["One Two Three", "Two"]);
    expect(folder.steps.map(({ path, after }) => [path, after])).toEqual([
      ["/w/a.ts", "A\nadapter of Two\n"],
      ["/w/b.ts", "B\nadapter of Three\n"],
      ["/w/opsvi-agents/core.mjs", "{}"],
      ["/w/opsvi-agents/opsvi-agents.json", "{}"],
    ]);
    const { answers, same } = await folder.settle();
    expect(same).toBe(true);
    expect(answers.map(({ name, result }) => [name, result.status])).toEqual([
      ["One", "refused"],
      ["Two", "ready"],
      ["Three", "ready"],
    ]);
  });

  it("is as it was where a class is unchecked and checked again", async () => {
    const folder = await prepared(["One", "Two", "Three"]);
    const before = folder.steps;
    const [one, two] = folder.classes;
    if (one === undefined || two === undefined) throw new Error("There are no classes.");
    await folder.check([one, two], false);
    await folder.check([one, two], true);
    expect(folder.steps).toEqual(before);
    expect((await folder.settle()).same).toBe(true);
  });

  it("says that nothing is checked, and changes nothing then", async () => {
    const folder = await prepared(["One", "Two"]);
    await folder.check(folder.classes, false);
    expect(folder.steps).toEqual([]);
    expect(checklistMessage([folder])).toBe("Nothing is checked: check the classes to migrate.");
    expect(checklistMessage([await prepared(["No"])])).toBe(
      "None of these classes can be migrated: each says why.",
    );
  });

  it("takes a class among what is ready once its method is named", async () => {
    const folder = await prepared(["Ask"]);
    const [ask] = folder.classes;
    if (ask === undefined) throw new Error("There is no class.");
    expect(folder.steps).toEqual([]);
    await folder.choose(ask, "go");
    expect(picture(checklistNodes([folder]))).toEqual(["[x] Ready (1)", "  [x] Ask  go() · a.ts"]);
    expect(folder.stepOf(ask)?.after).toBe("A\nadapter of Ask\n");
  });

  it("tells where what would be written is no longer what was shown", async () => {
    const folder = await prepared(["One"]);
    texts["/w/a.ts"] = "changed\n";
    expect((await folder.settle()).same).toBe(false);
    expect((await folder.settle()).same).toBe(true);
    texts["/w/a.ts"] = "A\n";
  });

  it("holds the classes that can come into question: no adapters, nothing migrated, tests with the reason", () => {
    const wanted = allWanted("/w", [
      record({ name: "Plain" }),
      record({ name: "Done", migrated: true }),
      record({ name: "DoneAdapter", adapts: "Done" }),
      record({ name: "Maker", kind: "factory" }),
      record({ name: "Probe", test: true }),
    ]);
    expect(wanted.map(({ name, left }) => [name, left])).toEqual([
      ["Plain", null],
      ["Probe", "Probe stands in a test file."],
    ]);
  });
});

describe("What an undo says", () => {
  const one = { file_path: "a.ts", name: "One" };
  const refused = (name: string) => ({ file_path: "a.ts", name, reason: `${name}Adapter was edited.` });

  it("names a single class, counts several, and gives the reasons of those that stay", () => {
    expect(undoSentence([one], [])).toBe("The migration of One is undone.");
    expect(undoSentence([one, one], [])).toBe("2 migrations are undone.");
    expect(undoSentence([one], [refused("Two")])).toBe(
      "The migration of One is undone. 1 is not: TwoAdapter was edited.",
    );
    expect(undoSentence([one, one], ["A", "B", "C", "D"].map(refused))).toBe(
      "2 migrations are undone. 4 are not: AAdapter was edited. BAdapter was edited. CAdapter was edited. So it is with 1 more.",
    );
  });
});
