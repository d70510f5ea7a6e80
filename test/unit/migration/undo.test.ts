import { chmodSync, existsSync, lstatSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { withoutExisting } from "../../../src/migration/steps.ts";
import { applyPlan } from "./applyPlan.ts";
import { appendLog, logFile, readLog, stateOf } from "../../../src/migration/log.ts";
import { textAfter, toPositions } from "../../../src/migration/textEdits.ts";
import { planUndo, undoMigrations } from "../../../src/migration/undo.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const first = `import { log } from "./log";\n\nexport class FirstAgent {\n  run(n: number) {\n    log(n);\n    return n;\n  }\n}\n`;
const second = `export class SecondAgent {\n  run(text: string) {\n    return text;\n  }\n}\n`;
const files = {
  "package.json": `{ "name": "shop" }`,
  "src/log.ts": "export const log = console.log;\n",
  "src/first.ts": first,
  "src/second.ts": second,
  "src/both.ts": first + "\n" + second,
};

const undo = (project: Project, file_path: string, name: string) =>
  undoMigrations({ root: project.root, classes: [{ file_path, name }] });

async function refusal(project: Project, file_path: string, name: string): Promise<string> {
  const { refused } = await planUndo({ root: project.root, classes: [{ file_path, name }] });
  return refused[0]?.reason ?? "ready";
}

const tree = (project: Project) => project.tree();

describe("undo", () => {
  test("returns the tree byte for byte, folders included", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    expect(
      Object.keys(tree(project))
        .filter((path) => path.startsWith("opsvi-agents/"))
        .sort(),
    ).toEqual(
      [
        ".prettierrc.json",
        "README.md",
        "core.cjs",
        "core.d.cts",
        "core.d.mts",
        "core.mjs",
        "opsvi-agents.json",
      ].map((name) => `opsvi-agents/${name}`),
    );
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  });

  test.each([
    ["as migrated", ["FirstAgent", "SecondAgent"]],
    ["the other way round", ["SecondAgent", "FirstAgent"]],
  ])("of two classes in one file keeps the shared import until the last: %s", async (_what, order) => {
    using project = new Project(files);
    await project.migrate("src/both.ts", "FirstAgent");
    await project.migrate("src/both.ts", "SecondAgent");
    const [one = "", other = ""] = order;
    await undo(project, "src/both.ts", one);
    expect(project.read("src/both.ts")).toContain("import { UniversalAgentAdapter }");
    expect(project.read("src/both.ts")).not.toContain(`${one}Adapter`);
    await undo(project, "src/both.ts", other);
    expect(tree(project)).toEqual(files);
  });

  test("leaves the vendored runtime while another file imports it", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    await project.migrate("src/second.ts", "SecondAgent");
    await undo(project, "src/first.ts", "FirstAgent");
    expect(existsSync(project.path("opsvi-agents/core.mjs"))).toBe(true);
    await undo(project, "src/second.ts", "SecondAgent");
    expect(tree(project)).toEqual(files);
  });

  test("leaves the vendored runtime to code of the team that imports it", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    project.write("src/mine.ts", `export { BaseAgent } from "../opsvi-agents/core.mjs";\n`);
    await undo(project, "src/first.ts", "FirstAgent");
    expect(project.read("src/first.ts")).toBe(first);
    expect(existsSync(project.path("opsvi-agents/core.mjs"))).toBe(true);

    rmSync(project.path("src/mine.ts"));
    await project.migrate("src/second.ts", "SecondAgent");
    await undo(project, "src/second.ts", "SecondAgent");
    expect(tree(project)).toEqual(files);
  });

  test("finds the adapter after edits elsewhere in the file", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const edited = (text: string) =>
      `// note\n${text.replace("return n;", "return n + 1;")}\nexport const more = 1;\n`;
    project.write("src/first.ts", edited(project.read("src/first.ts")));
    await undo(project, "src/first.ts", "FirstAgent");
    expect(project.read("src/first.ts")).toBe(edited(first));
  });

  test("finds the adapter after the file's line endings changed and its imports were sorted", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const [log = "", runtime = "", ...rest] = project.read("src/first.ts").split("\n");
    project.write("src/first.ts", [runtime, log, ...rest].join("\r\n"));
    await undo(project, "src/first.ts", "FirstAgent");
    expect(project.read("src/first.ts")).toBe(first.replaceAll("\n", "\r\n"));
  });

  test("refuses where the adapter itself was edited, and changes nothing", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    project.write(
      "src/first.ts",
      project.read("src/first.ts").replace("agentType", 'version: "2", agentType'),
    );
    const before = tree(project);
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe(
      "FirstAgentAdapter in src/first.ts was edited since the migration of FirstAgent: restore it, or remove it by hand.",
    );
    await expect(undo(project, "src/first.ts", "FirstAgent")).rejects.toThrow(/was edited/);
    expect(tree(project)).toEqual(before);
  });

  test("refuses where the adapter was copied", async () => {
    using project = new Project(files);
    await project.migrate("src/second.ts", "SecondAgent");
    project.write("src/second.ts", project.read("src/second.ts").repeat(2));
    expect(await refusal(project, "src/second.ts", "SecondAgent")).toBe(
      "SecondAgentAdapter stands more than once in src/second.ts: remove the copies, then undo again.",
    );
  });

  test("refuses to delete a created file that was edited", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    project.write("opsvi-agents/README.md", "ours now");
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe(
      "opsvi-agents/README.md was edited since it was created: restore it, or delete it by hand.",
    );
  });

  test("keeps files that others put into the vendored folder", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    project.write("opsvi-agents/own.md", "own");
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual({ ...files, "opsvi-agents/own.md": "own" });
  });

  test("says so where there is nothing to undo", async () => {
    using project = new Project(files);
    const nothing = "No migration of FirstAgent in src/first.ts is on record: there is nothing to undo.";
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe(nothing);
    await project.migrate("src/first.ts", "FirstAgent");
    await undo(project, "src/first.ts", "FirstAgent");
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe(nothing);
  });

  test("after an editor's undo, and after migrating once more, still removes everything", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    project.write("src/first.ts", first);
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe("ready");
    await project.migrate("src/first.ts", "FirstAgent");
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
  });

  test("after the adapter was deleted by hand and made once more, removes the import too", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const text = project.read("src/first.ts");
    project.write("src/first.ts", text.slice(0, text.indexOf("\n/** FirstAgent as")));
    await project.migrate("src/first.ts", "FirstAgent");
    expect(project.read("src/first.ts")).toBe(text);
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
  });

  test("of one adapter leaves another that was made twice", async () => {
    using project = new Project(files, "sibling-file");
    await project.migrate("src/both.ts", "FirstAgent");
    rmSync(project.path("src/bothAdapter.ts"));
    await project.migrate("src/both.ts", "FirstAgent");
    const alone = project.read("src/bothAdapter.ts");
    await project.migrate("src/both.ts", "SecondAgent");
    await undo(project, "src/both.ts", "SecondAgent");
    expect(project.read("src/bothAdapter.ts")).toBe(alone);
    await undo(project, "src/both.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
  });

  const places: [string, (start: number, index: number) => number][] = [
    ["outside the text", (start) => start + 100_000],
    ["before the text", () => -7],
    ["in one another", (_start, index) => index],
    ["elsewhere", (start) => start - 3],
  ];

  test.each(places)("finds what was inserted where the log says that it stands %s", async (_what, moved) => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const lines = (await readLog(project.root)).map((entry) => ({
      ...entry,
      undo: entry.undo.map((file) => ({
        ...file,
        insertions: file.insertions.map((each, index) => ({ ...each, start: moved(each.start, index) })),
      })),
    }));
    writeFileSync(logFile(project.root), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
  });

  test("refuses where the log says that inserted texts overlap", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const [entry] = await readLog(project.root);
    if (entry === undefined) throw new Error("Nothing is logged.");
    const undone = entry.undo.map((file) => ({
      ...file,
      hash: "",
      insertions: file.insertions.flatMap((each) => [each, { ...each, text: each.text.slice(4, -4) }]),
    }));
    writeFileSync(logFile(project.root), `${JSON.stringify({ ...entry, undo: undone })}\n`);
    const before = tree(project);
    expect(await refusal(project, "src/first.ts", "FirstAgent")).toBe(
      "FirstAgentAdapter in src/first.ts was edited since the migration of FirstAgent: restore it, or remove it by hand.",
    );
    expect(tree(project)).toEqual(before);
  });

  test("takes a name of the log to the letter", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const [entry] = await readLog(project.root);
    if (entry === undefined) throw new Error("Nothing is logged.");
    await appendLog(project.root, [{ ...entry, data: { ...entry.data, adapter: "(" } }]);
    await undo(project, "src/first.ts", "FirstAgent");
    expect(tree(project)).toEqual(files);
  });

  test("looks at unsaved text", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    const unsaved = `// unsaved\n${project.read("src/first.ts")}`;
    const readText = (path: string) =>
      path === project.path("src/first.ts")
        ? unsaved
        : existsSync(path)
          ? project.read(path.slice(project.root.length + 1))
          : null;
    const result = await planUndo({
      root: project.root,
      classes: [{ file_path: "src/first.ts", name: "FirstAgent" }],
      readText,
    });
    expect(result.refused).toEqual([]);
    expect(result.plan.changes.map(textAfter)).toEqual([`// unsaved\n${first}`]);
    expect(result.plan.removals).toHaveLength(7);
  });
});

describe("applying a plan", () => {
  test("changes nothing where a file is no longer as it was planned for", async () => {
    using project = new Project(files);
    const plan = await project.ready("src/first.ts", "FirstAgent");
    project.write("src/first.ts", `${first}// more\n`);
    await expect(applyPlan(project.root, plan)).rejects.toThrow(
      /first\.ts changed in the meantime: try again\.$/,
    );
    expect(tree(project)).toEqual({ ...files, "src/first.ts": `${first}// more\n` });
    expect(existsSync(logFile(project.root))).toBe(false);
  });

  test("changes nothing where one of its files cannot be written", async () => {
    using project = new Project(files);
    const plan = await project.ready("src/first.ts", "FirstAgent");
    project.write("opsvi-agents", "a file where the folder should be");
    await expect(applyPlan(project.root, plan)).rejects.toThrow();
    expect(tree(project)).toEqual({ ...files, "opsvi-agents": "a file where the folder should be" });
  });

  test("takes everything back where the log cannot be written", async () => {
    using project = new Project({ ...files, ".proj-intel": "a file" });
    const plan = await project.ready("src/first.ts", "FirstAgent");
    await expect(applyPlan(project.root, plan)).rejects.toThrow();
    expect(tree(project)).toEqual(files);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  });

  test("refuses text that is not UTF-8", async () => {
    using project = new Project(files);
    const { writeFileSync } = await import("node:fs");
    writeFileSync(project.path("src/latin.ts"), Buffer.from(`// caf\xe9\n${second}`, "latin1"));
    const plan = await project.ready("src/latin.ts", "SecondAgent");
    await expect(applyPlan(project.root, plan)).rejects.toThrow(
      /latin\.ts is not encoded as UTF-8: convert it first\.$/,
    );
  });

  test.skipIf(process.platform === "win32")(
    "keeps a file's mode and writes through symbolic links",
    async () => {
      using project = new Project(files);
      chmodSync(project.path("src/second.ts"), 0o754);
      symlinkSync("second.ts", project.path("src/linked.ts"));
      await project.migrate("src/linked.ts", "SecondAgent");
      expect(lstatSync(project.path("src/linked.ts")).isSymbolicLink()).toBe(true);
      expect(statSync(project.path("src/second.ts")).mode & 0o777).toBe(0o754);
      expect(project.read("src/second.ts")).toContain("SecondAgentAdapter");
      await undo(project, "src/linked.ts", "SecondAgent");
      expect(statSync(project.path("src/second.ts")).mode & 0o777).toBe(0o754);
      expect(project.read("src/second.ts")).toBe(second);
    },
  );

  test("of two plans made at the same time shares the vendored runtime", async () => {
    using project = new Project(files);
    const one = await project.ready("src/first.ts", "FirstAgent");
    const other = await project.ready("src/second.ts", "SecondAgent");
    await applyPlan(project.root, one);
    expect((await withoutExisting(other)).changes).toHaveLength(1);
    await applyPlan(project.root, other);
    await undo(project, "src/first.ts", "FirstAgent");
    await undo(project, "src/second.ts", "SecondAgent");
    expect(tree(project)).toEqual(files);
  });
});

describe("the log", () => {
  test("passes over torn and foreign lines", async () => {
    using project = new Project({
      ...files,
      ".proj-intel/migrations.jsonl": `{"type":"other"}\n{"type":"migr`,
    });
    await project.migrate("src/second.ts", "SecondAgent");
    const entries = await readLog(project.root);
    expect(entries.map(({ data }) => data)).toEqual([
      {
        action: "migrate",
        file_path: "src/second.ts",
        name: "SecondAgent",
        status: "migrated",
        reason: null,
        adapter: "SecondAgentAdapter",
      },
    ]);
    expect(project.read(".proj-intel/migrations.jsonl").split("\n").slice(0, 2)).toEqual([
      `{"type":"other"}`,
      `{"type":"migr`,
    ]);
  });

  test("knows what is migrated now", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    await project.migrate("src/second.ts", "SecondAgent");
    await undo(project, "src/first.ts", "FirstAgent");
    const [entry] = await readLog(project.root);
    if (entry !== undefined)
      await appendLog(project.root, [{ ...entry, data: { ...entry.data, status: "failed" } }]);
    const { active, left } = stateOf(await readLog(project.root));
    expect(active.map(({ data }) => data.name)).toEqual(["SecondAgent"]);
    expect(left.map(({ path }) => path).sort()[0]).toBe("opsvi-agents/.prettierrc.json");
  });
});

test("positions count lines as editors do", () => {
  const before = "\uFEFFa\r\nbc\nd";
  const at = (start: number, end = start) => ({ start, end, text: "x" });
  const edits = [at(1), at(4), at(6), at(7, 8)];
  expect(
    toPositions({ path: "f", before, edits }).map(({ start, end }) => [
      start.line,
      start.character,
      end.character,
    ]),
  ).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [1, 2, 2],
    [2, 0, 1],
  ]);
});
