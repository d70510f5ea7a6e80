import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { packageManagerOf } from "../../../src/migration/packageManager.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const agent = (name: string) => `export class ${name} {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const runtime = "package" as const;

const manifests: [what: string, before: string, after: string][] = [
  [
    "sorted in among others",
    `{\n  "name": "shop",\n  "dependencies": {\n    "axios": "^1.0.0",\n    "zod": "^4.0.0"\n  }\n}\n`,
    `{\n  "name": "shop",\n  "dependencies": {\n    "axios": "^1.0.0",\n    "opsvi-agents": "^0.1.0",\n    "zod": "^4.0.0"\n  }\n}\n`,
  ],
  [
    "with tabs and CRLF",
    `{\r\n\t"name": "shop",\r\n\t"dependencies": {\r\n\t\t"axios": "^1.0.0"\r\n\t}\r\n}\r\n`,
    `{\r\n\t"name": "shop",\r\n\t"dependencies": {\r\n\t\t"axios": "^1.0.0",\r\n\t\t"opsvi-agents": "^0.1.0"\r\n\t}\r\n}\r\n`,
  ],
  [
    "where there are none",
    `{\n    "name": "shop",\n    "version": "1.0.0"\n}`,
    `{\n    "name": "shop",\n    "version": "1.0.0",\n    "dependencies": {\n        "opsvi-agents": "^0.1.0"\n    }\n}`,
  ],
  [
    "with a byte-order mark",
    `\uFEFF{\n  "name": "shop",\n  "dependencies": {}\n}\n`,
    `\uFEFF{\n  "name": "shop",\n  "dependencies": {\n    "opsvi-agents": "^0.1.0"\n  }\n}\n`,
  ],
];

describe("the runtime as a dependency", () => {
  test.each(manifests)("is added %s, and the last undo takes it out", async (_what, before, after) => {
    using project = new Project({ "package.json": before, "a.ts": agent("A"), "b.ts": agent("B") });
    await project.migrate("a.ts", "A", { runtime });
    expect(project.read("package.json")).toBe(after);
    expect(project.read("a.ts")).toContain(`import { UniversalAgentAdapter } from "opsvi-agents/core";`);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
    await project.migrate("b.ts", "B", { runtime });
    expect(project.read("package.json")).toBe(after);

    const undo = (file_path: string, name: string) =>
      undoMigrations({ root: project.root, classes: [{ file_path, name }] });
    await undo("a.ts", "A");
    expect(project.read("package.json")).toBe(after);
    await undo("b.ts", "B");
    expect(project.read("package.json")).toBe(before);
    expect(project.read("a.ts")).toBe(agent("A"));
  });

  test("is taken out of a package.json that was edited since", async () => {
    using project = new Project({ "package.json": `{ "name": "shop" }`, "a.ts": agent("A") });
    await project.migrate("a.ts", "A", { runtime });
    project.write("package.json", `{"dependencies":{"zod":"^4.0.0","opsvi-agents":"^0.1.0"},"name":"shop"}`);
    await undoMigrations({ root: project.root });
    expect(project.read("package.json")).toBe(`{"dependencies":{"zod":"^4.0.0"},"name":"shop"}`);
  });

  test("stays where code of the team imports it", async () => {
    using project = new Project({ "package.json": `{ "name": "shop" }`, "a.ts": agent("A") });
    await project.migrate("a.ts", "A", { runtime });
    project.write(
      "mine.ts",
      `import { BaseAgent } from "opsvi-agents";\nexport const agent = new BaseAgent({ name: "x", agentType: "x" });\n`,
    );
    await undoMigrations({ root: project.root });
    expect(JSON.parse(project.read("package.json"))).toMatchObject({
      dependencies: { "opsvi-agents": "^0.1.0" },
    });
  });

  test("is refused without a package.json, and with one that is no JSON", async () => {
    using project = new Project({ "a.ts": agent("A") });
    expect(await project.plan("a.ts", "A", undefined, { runtime })).toEqual({
      status: "refused",
      reason: `package.json does not exist, so "opsvi-agents" cannot be added to it: choose the vendored runtime, or write a package.json first.`,
    });
    project.write("package.json", "{ name: shop }");
    expect(await project.plan("a.ts", "A", undefined, { runtime })).toMatchObject({ status: "refused" });
  });
});

test.each([
  [{ "package.json": `{ "packageManager": "yarn@4.1.0" }`, "package-lock.json": "{}" }, "yarn"],
  [{ "package.json": "{}", "pnpm-lock.yaml": "" }, "pnpm"],
  [{ "package.json": "{}", "bun.lock": "" }, "bun"],
  [{ "package.json": "{}", "package-lock.json": "{}" }, "npm"],
  [{ "package.json": "{}" }, "npm"],
  [{ "package.json": "{}", "yarn.lock": "", "packages/a/package.json": "{}" }, "yarn"],
])("The package manager of %j is %s", async (files, manager) => {
  using project = new Project(files);
  expect(
    await packageManagerOf("packages/a/package.json" in files ? project.path("packages/a") : project.root),
  ).toBe(manager);
});
