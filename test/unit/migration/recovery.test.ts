import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { stepsOf, stepsOfChanges } from "../../../src/migration/steps.ts";
import { migratedEntry, undoneEntries } from "../../../src/migration/entry.ts";
import {
  forgetPending,
  notePending,
  noteUnverified,
  pendingFile,
  writeLogged,
} from "../../../src/migration/journal.ts";
import { logFile, readLog } from "../../../src/migration/log.ts";
import { finishPending, readPending, undoPending, unverifiedNote } from "../../../src/migration/recovery.ts";
import { planUndo, undoMigrations } from "../../../src/migration/undo.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const text = `export class FirstAgent {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const other = text.replace("FirstAgent", "OtherAgent");
const files = { "package.json": `{ "name": "shop" }`, "src/first.ts": text, "src/other.ts": other };

/** A migration of both classes whose process is killed after so many files. */
async function killed(project: Project, written: number) {
  const plans = [
    await project.ready("src/first.ts", "FirstAgent"),
    await project.ready("src/other.ts", "OtherAgent"),
  ];
  const [first, second] = plans;
  if (first === undefined || second === undefined) throw new Error("no plan");
  second.changes.splice(1);
  const steps = stepsOf(plans);
  const entries = plans.map((plan) => migratedEntry(project.root, plan));
  await notePending(project.root, steps, entries);
  for (const { path, after } of steps.slice(0, written)) {
    project.write(path.slice(project.root.length + 1), after ?? "");
  }
  return steps;
}

const readable = (project: Project, path: string) =>
  existsSync(project.path(path)) ? project.read(path) : null;

describe.each([0, 1, 2, 5, 9])("a migration that was killed after %i of 9 files", (written) => {
  test("is finished", async () => {
    using project = new Project(files);
    const steps = await killed(project, written);
    expect(steps).toHaveLength(9);
    await finishPending(project.root);
    for (const { path, after } of steps) {
      expect(readable(project, path.slice(project.root.length + 1))).toBe(after);
    }
    expect((await readLog(project.root)).map(({ data }) => data.name)).toEqual(["FirstAgent", "OtherAgent"]);
    expect(await readPending(project.root)).toBeNull();
    await undoMigrations({ root: project.root });
    expect(project.read("src/first.ts")).toBe(text);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  });

  test("is undone", async () => {
    using project = new Project(files);
    await killed(project, written);
    await undoPending(project.root);
    expect(project.read("src/first.ts")).toBe(text);
    expect(project.read("src/other.ts")).toBe(other);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
    expect(await readLog(project.root)).toEqual([]);
    expect(await readPending(project.root)).toBeNull();
  });
});

describe("what was interrupted", () => {
  test.each([finishPending, undoPending])("leaves no half-written file behind (%o)", async (recover) => {
    using project = new Project(files);
    project.write(".proj-intel/.migrations.pending.json.0a1b2c3d.tmp", "{");
    await killed(project, 1);
    for (const path of ["src/.first.ts.0a1b2c3d.tmp", "src/.other.ts.0a1b2c3d.tmp"]) project.write(path, "");
    project.write("src/.mine.ts.0a1b2c3d.tmp", "");
    await recover(project.root);
    const left = readdirSync(project.root, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual(["src/.mine.ts.0a1b2c3d.tmp"]);
  });

  test("after all was written and logged, is undone as any migration is", async () => {
    using project = new Project(files);
    const plan = await project.ready("src/first.ts", "FirstAgent");
    await writeLogged(project.root, stepsOf([plan]), [migratedEntry(project.root, plan)]);
    expect((await readPending(project.root))?.steps).toHaveLength(8);
    await undoPending(project.root);
    expect(project.read("src/first.ts")).toBe(text);
    expect((await readLog(project.root)).map(({ data }) => data.status)).toEqual(["migrated", "undone"]);
  });

  test("before all was verified, is finished as it is, and says that nobody has checked it", async () => {
    using project = new Project(files);
    const plan = await project.ready("src/first.ts", "FirstAgent");
    const entry = migratedEntry(project.root, plan);
    await writeLogged(project.root, stepsOf([plan]), [entry]);
    await forgetPending(project.root);
    await noteUnverified(project.root, [entry]);
    const recovered = await finishPending(project.root);
    expect(recovered).toEqual({ written: [], left: [], unverified: 1 });
    expect(unverifiedNote(recovered)).toBe(
      "The types of 1 migrated class were not checked: compile the project, or undo the migration.",
    );
    expect((await readLog(project.root)).map(({ data }) => data.status)).toEqual(["migrated"]);
  });

  test("while a class was left out for a moment, leads to either side, log included", async () => {
    using project = new Project(files);
    await project.migrate("src/first.ts", "FirstAgent");
    await project.migrate("src/other.ts", "OtherAgent");
    const both = project.tree();
    const classes = [{ file_path: "src/other.ts", name: "OtherAgent" }];
    const { plan } = await planUndo({ root: project.root, classes });
    for (const [recover, log] of [
      [undoPending, ["migrated", "migrated"]],
      [finishPending, ["migrated", "migrated", "undone"]],
    ] as const) {
      await notePending(project.root, stepsOfChanges(plan), undoneEntries(plan));
      project.write("src/other.ts", other);
      await recover(project.root);
      expect(project.read("src/other.ts")).toBe(recover === undoPending ? both["src/other.ts"] : other);
      expect((await readLog(project.root)).map(({ data }) => data.status)).toEqual(log);
    }
  });

  test("does not log a class whose adapter's own file was edited since", async () => {
    using project = new Project(files, "sibling-file");
    const plan = await project.ready("src/first.ts", "FirstAgent");
    const steps = stepsOf([plan]);
    await notePending(project.root, steps, [migratedEntry(project.root, plan)]);
    project.write("src/firstAdapter.ts", "export {};\n");
    expect(await finishPending(project.root)).toMatchObject({ left: ["src/firstAdapter.ts"], unverified: 0 });
    expect(await readLog(project.root)).toEqual([]);
  });

  test("leaves a file alone that was edited since, and says which", async () => {
    using project = new Project(files);
    await killed(project, 9);
    project.write("src/first.ts", "export {};\n");
    expect(await undoPending(project.root)).toMatchObject({ left: ["src/first.ts"] });
    expect(project.read("src/first.ts")).toBe("export {};\n");
    expect(project.read("src/other.ts")).toBe(other);
  });

  test("keeps another migration from being written before it is settled", async () => {
    using project = new Project(files);
    await killed(project, 1);
    await expect(project.migrate("src/other.ts", "OtherAgent")).rejects.toThrow(
      /was interrupted\. Finish or undo it first/,
    );
    expect(project.read("src/other.ts")).toBe(other);
    expect(await readPending(project.root)).not.toBeNull();
  });
});

describe("a note that no migration of ours has written", () => {
  const note = (path: string) =>
    JSON.stringify({ version: 1, time: "", steps: [{ path, before: null, after: "x" }], entries: [] });
  const hostile = (project: Project, content: string) => {
    mkdirSync(project.path(".proj-intel"), { recursive: true });
    writeFileSync(pendingFile(project.root), content);
  };

  test.each([
    "../x.ts",
    "/tmp/x.ts",
    ".git/hooks/x.js",
    "src/../../x.ts",
    "a.sh",
    ".vscode/tasks.json",
    "node_modules/a/x.js",
  ])("is refused where it names %s", async (path) => {
    using project = new Project(files);
    hostile(project, note(path));
    await expect(finishPending(project.root)).rejects.toThrow(`names ${path}, which no migration writes`);
    expect(existsSync(project.path(path))).toBe(false);
  });

  test("is refused where a link leads out", async () => {
    using project = new Project(files);
    using outside = new Project({});
    symlinkSync(outside.root, project.path("link"));
    hostile(project, note("link/x.ts"));
    await expect(finishPending(project.root)).rejects.toThrow("names link/x.ts, which no migration writes");
  });

  test.each(["", "{}", "[]", "{", `{"version":2}`])("is refused where it is %j", async (content) => {
    using project = new Project(files);
    hostile(project, content);
    await expect(readPending(project.root)).rejects.toThrow(/cannot be read: compare your files/);
  });
});

describe("a log that no migration of ours has written", () => {
  test.each(["../x.ts", "/tmp/x.ts", ".git/hooks/x.js", "link/x.ts", "a.sh", "node_modules/a/x.js"])(
    "undoes nothing where it names %s",
    async (path) => {
      using outside = new Project({ "x.ts": "taken out" });
      using project = new Project({ ...files, "a.sh": "taken out", ".git/hooks/x.js": "taken out" });
      symlinkSync(outside.root, project.path("link"));
      const undo = [
        { path, created: false, hash: "", insertions: [{ start: 0, text: "taken ", replaced: "" }] },
      ];
      const data = { file_path: "src/first.ts", name: "FirstAgent", adapter: "A", reason: null };
      const entry = { type: "migration", id: "1", time: "", data: { ...data, status: "migrated" }, undo };
      mkdirSync(project.path(".proj-intel"), { recursive: true });
      writeFileSync(logFile(project.root), `${JSON.stringify(entry)}\n`);
      await expect(undoMigrations({ root: project.root })).rejects.toThrow(
        `The log of migrations names ${path}, which no migration writes`,
      );
      expect(outside.read("x.ts")).toBe("taken out");
      expect(project.read(".git/hooks/x.js")).toBe("taken out");
    },
  );
});
