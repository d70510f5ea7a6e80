import { mkdirSync, symlinkSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { isWritablePath } from "../../../src/migration/writablePath.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const text = "export class OneAgent {\n  run(n: number) {\n    return n;\n  }\n}\n";
const files = { "package.json": `{ "name": "shop" }`, "src/one.ts": text };

test.each([
  ["src/one.ts", true],
  ["src/ONE.TS", true],
  ["src/new/one.test.mjs", true],
  ["packages/a/package.json", true],
  ["opsvi-agents/README.md", true],
  ["src/one.py", false],
  ["../one.ts", false],
  ["src/../src/one.ts", false],
  ["node_modules/a/one.ts", false],
  ["a/Node_Modules/b/one.ts", false],
  [".git/hooks/one.js", false],
  ["a/.GIT/one.js", false],
])("%s may be written: %s", async (path, may) => {
  using project = new Project(files);
  expect(await isWritablePath(project.root, path)).toBe(may);
});

test("a class whose file has its extension in capitals is undone", async () => {
  using project = new Project({ ...files, "src/two.TS": text });
  await project.migrate("src/two.TS", "OneAgent");
  await undoMigrations({ root: project.root });
  expect(project.tree()).toEqual({ ...files, "src/two.TS": text });
});

describe.skipIf(process.platform === "win32")("links", () => {
  test("that lead into a folder of others are not written through", async () => {
    using project = new Project({ ...files, "node_modules/a/one.ts": text });
    mkdirSync(project.path(".git/hooks"), { recursive: true });
    symlinkSync("../.git/hooks", project.path("src/hooks"));
    symlinkSync("../node_modules/a/one.ts", project.path("src/linked.ts"));
    expect(await isWritablePath(project.root, "src/hooks/commit.js")).toBe(false);
    expect(await isWritablePath(project.root, "src/linked.ts")).toBe(false);
  });

  const outside = (path: string) =>
    `${path} leads out of the workspace folder through a link: migrate the class in the folder where its file lies.`;

  test("of a file that lead out are refused before anything is written", async () => {
    using elsewhere = new Project({ "one.ts": text });
    using project = new Project(files);
    symlinkSync(elsewhere.path("one.ts"), project.path("src/linked.ts"));
    symlinkSync(elsewhere.root, project.path("src/folder"));
    expect(await project.reason("src/linked.ts", "OneAgent")).toBe(outside("src/linked.ts"));
    expect(await project.reason("src/folder/one.ts", "OneAgent")).toBe(outside("src/folder/one.ts"));
  });

  test("to another folder of the workspace are refused with where they lead", async () => {
    using project = new Project({ ...files, "lib/two.ts": text });
    symlinkSync("../lib/two.ts", project.path("src/linked.ts"));
    symlinkSync("lib", project.path("again"));
    expect(await project.reason("src/linked.ts", "OneAgent")).toBe(
      "src/linked.ts is a link to lib/two.ts: migrate the class there.",
    );
    expect(await project.reason("again/two.ts", "OneAgent")).toBe(
      "again/two.ts is a link to lib/two.ts: migrate the class there.",
    );
  });

  test.each([
    ["the runtime's folder", "opsvi-agents", "opsvi-agents/core.mjs", "same-file" as const],
    ["the file for the adapter", "src/oneAdapter.ts", "src/oneAdapter.ts", "sibling-file" as const],
  ])("in place of %s are refused", async (_what, link, path, placement) => {
    using elsewhere = new Project({});
    using other = new Project(files, placement);
    await other.migrate("src/one.ts", "OneAgent");
    using project = new Project({ ...files, "src/two.ts": text }, placement);
    elsewhere.write("adapter.ts", placement === "same-file" ? "" : other.read(link));
    // There already, as an earlier migration left it.
    if (link === "opsvi-agents")
      elsewhere.write("opsvi-agents.json", other.read("opsvi-agents/opsvi-agents.json"));
    const grown = text + text.replace("OneAgent", "TwoAgent");
    project.write("src/one.ts", grown);
    symlinkSync(link === "opsvi-agents" ? elsewhere.root : elsewhere.path("adapter.ts"), project.path(link));
    expect(await project.reason("src/one.ts", "TwoAgent")).toBe(
      `${path}, which migrating TwoAgent would write, leads out of the workspace folder through a link: put the file or folder itself in its place first.`,
    );
  });
});
