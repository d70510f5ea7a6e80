import { existsSync, renameSync, symlinkSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { readCore } from "../../../src/migration/readCore.ts";
import { planRuntimeUpdates, updateRuntimes } from "../../../src/migration/runtimeUpdate.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { markerFile, vendoredFiles } from "../../../src/migration/vendored.ts";
import { buildCore, coreDir, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const text = "export class OneAgent {\n  run(n: number) {\n    return n;\n  }\n}\n";
const files = { "package.json": `{ "name": "shop" }`, "one.ts": text };
const marker = `opsvi-agents/${markerFile}`;

/** With a runtime of version 0.1.0. */
async function migrated(): Promise<Project> {
  const project = new Project(files);
  await project.migrate("one.ts", "OneAgent");
  return project;
}

async function update(project: Project, version = "0.2.0"): Promise<void> {
  await updateRuntimes(
    project.root,
    await planRuntimeUpdates(project.root, await readCore(coreDir), version),
  );
}

/** The marker with a file more or less. */
function list(project: Project, change: (files: Record<string, string>) => void): void {
  const known = JSON.parse(project.read(marker)) as { files: Record<string, string> };
  change(known.files);
  project.write(marker, `${JSON.stringify(known, null, 2)}\n`);
}

test("brings a runtime to another version, once, and undo removes it", async () => {
  using project = await migrated();
  await update(project);
  const expected = vendoredFiles("bundle", await readCore(coreDir), "0.2.0");
  for (const [name, content] of expected) expect(project.read(`opsvi-agents/${name}`)).toBe(content);
  expect(await planRuntimeUpdates(project.root, await readCore(coreDir), "0.2.0")).toEqual([]);
  await undoMigrations({ root: project.root });
  expect(project.tree()).toEqual(files);
});

test("refuses to overwrite a file of the team that the new version has a name for", async () => {
  using project = await migrated();
  list(project, (known) => delete known["README.md"]);
  project.write("opsvi-agents/README.md", "Ours.\n");
  const before = project.tree();
  await expect(update(project)).rejects.toThrow(
    /^opsvi-agents\/README\.md does not belong to the vendored runtime, and an update would overwrite it: move it away first\.$/,
  );
  expect(project.tree()).toEqual(before);
});

test("refuses to overwrite what was edited", async () => {
  using project = await migrated();
  project.write("opsvi-agents/core.mjs", `${project.read("opsvi-agents/core.mjs")}// ours\n`);
  await expect(update(project)).rejects.toThrow(
    /^opsvi-agents\/core\.mjs was edited by hand, and an update would overwrite that: restore it first\.$/,
  );
});

test("refuses to write through a link that leads out of the folder", async () => {
  using elsewhere = new Project({});
  using project = await migrated();
  const core = project.read("opsvi-agents/core.mjs");
  elsewhere.write("core.mjs", core);
  renameSync(project.path("opsvi-agents/core.mjs"), project.path("core.old"));
  symlinkSync(elsewhere.path("core.mjs"), project.path("opsvi-agents/core.mjs"));
  await expect(update(project)).rejects.toThrow(
    /^opsvi-agents\/core\.mjs is a link that leads elsewhere: put the file itself in its place first\.$/,
  );
  expect(elsewhere.read("core.mjs")).toBe(core);
});

test("leaves files that only share their name with what every object has", async () => {
  using project = await migrated();
  project.write("opsvi-agents/constructor", "Ours.\n");
  await update(project);
  expect(existsSync(project.path("opsvi-agents/constructor"))).toBe(true);
});
