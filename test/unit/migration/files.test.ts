import { chmodSync, existsSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { carryOut, NotTakenBack, type FileStep } from "../../../src/migration/files.ts";
import { Project } from "./project.ts";

const files = { "a.ts": "a", "b.ts": "b", "old.ts": "old" };

function steps(project: Project): FileStep[] {
  return [
    { path: project.path("a.ts"), before: "a", after: "A" },
    { path: project.path("one/two/new.ts"), before: null, after: "new" },
    { path: project.path("b.ts"), before: "b", after: "B" },
    { path: project.path("old.ts"), before: "old", after: null },
  ];
}

describe("steps that are carried out", () => {
  test("change, create and remove files, and leave nothing else", async () => {
    using project = new Project(files);
    await carryOut(steps(project));
    expect(project.tree()).toEqual({ "a.ts": "A", "b.ts": "B", "one/two/new.ts": "new" });
  });

  test("are taken back with every folder that was made for them", async () => {
    using project = new Project(files);
    const revert = await carryOut(steps(project));
    await revert();
    expect(project.tree()).toEqual(files);
    expect(existsSync(project.path("one"))).toBe(false);
  });

  test("leave a folder that holds something else by now", async () => {
    using project = new Project(files);
    const revert = await carryOut(steps(project));
    project.write("one/other.ts", "other");
    await revert();
    expect(project.tree()).toEqual({ ...files, "one/other.ts": "other" });
    expect(existsSync(project.path("one/two"))).toBe(false);
  });

  test("leave what was edited meanwhile, take back the others, and say so", async () => {
    using project = new Project(files);
    const revert = await carryOut(steps(project));
    project.write("b.ts", "edited");
    project.write("old.ts", "written anew");
    await expect(revert()).rejects.toThrow(
      new NotTakenBack(
        `Not everything could be taken back: ${project.path("old.ts")} (it was edited meanwhile), ${project.path("b.ts")} (it was edited meanwhile).`,
      ),
    );
    expect(project.tree()).toEqual({ "a.ts": "a", "b.ts": "edited", "old.ts": "written anew" });
  });

  test("are not taken back twice", async () => {
    using project = new Project(files);
    const revert = await carryOut(steps(project));
    rmSync(project.path("one"), { recursive: true });
    await revert();
    await revert();
    expect(project.tree()).toEqual(files);
  });
});

describe("steps of which one fails", () => {
  test("change nothing where a file is not as it was planned for", async () => {
    using project = new Project({ ...files, "b.ts": "edited" });
    await expect(carryOut(steps(project))).rejects.toThrow(/b\.ts changed in the meantime/);
    expect(project.tree()).toEqual({ ...files, "b.ts": "edited" });
  });

  test("change nothing where a file is read-only", async () => {
    using project = new Project(files);
    chmodSync(project.path("b.ts"), 0o444);
    await expect(carryOut(steps(project))).rejects.toThrow(/b\.ts is read-only: make it writable/);
    expect(project.tree()).toEqual(files);
  });

  test("leave neither folders nor temporary files", async () => {
    using project = new Project(files);
    const blocked = [...steps(project), { path: project.path("a.ts/x/y.ts"), before: null, after: "y" }];
    await expect(carryOut(blocked)).rejects.toThrow(/ENOTDIR/);
    expect(project.tree()).toEqual(files);
    expect(existsSync(project.path("one"))).toBe(false);
  });
});
