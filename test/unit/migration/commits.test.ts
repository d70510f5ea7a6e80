import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { commitEach, commitsOf } from "../../../src/migration/commits.ts";
import { Git } from "../../../src/migration/git.ts";
import { readLog } from "../../../src/migration/log.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const agent = (name: string) => `export class ${name} {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const files = {
  "package.json": `{ "name": "shop" }`,
  "src/[id].ts": agent("First"),
  "src/i.ts": agent("Second"),
};

function git(project: Project, ...args: string[]): string {
  return execFileSync("git", args, { cwd: project.root, encoding: "utf8" });
}

/** Two migrations, in the files but not committed. */
async function migrated(): Promise<Project> {
  const project = new Project(files);
  git(project, "init", "--quiet", "--initial-branch=main");
  git(project, "config", "user.name", "T");
  git(project, "config", "user.email", "t@example.org");
  git(project, "add", "--all");
  git(project, "commit", "--quiet", "--message=Start");
  await project.migrate("src/[id].ts", "First");
  await project.migrate("src/i.ts", "Second");
  return project;
}

async function commit(project: Project, signal?: AbortSignal): Promise<string | null> {
  const entries = await readLog(project.root);
  return await commitEach(new Git(project.root, signal), await commitsOf(project.root, entries));
}

const changed = (project: Project) => git(project, "status", "--porcelain").trimEnd().split("\n");

test("Each migration is a commit of its own, with the runtime in the first", async () => {
  using project = await migrated();
  expect(await commit(project)).toBeNull();
  expect(changed(project)).toEqual([""]);
  expect(git(project, "log", "--format=%s").split("\n")).toEqual([
    "Migrate Second to BaseAgent",
    "Migrate First to BaseAgent",
    "Start",
    "",
  ]);
  expect(git(project, "show", "--name-only", "--format=", "HEAD").trim().split("\n")).toEqual([
    ".proj-intel/migrations.jsonl",
    "src/i.ts",
  ]);
  expect(git(project, "show", "HEAD~1:src/i.ts")).toBe(files["src/i.ts"]);
  expect(git(project, "show", "HEAD~1:opsvi-agents/core.mjs")).toBe(project.read("opsvi-agents/core.mjs"));
});

test("Where it is cancelled in the middle, nothing stays staged and the sentence says how far it came", async () => {
  using project = await migrated();
  const waiting = project.path("waiting");
  const hook = `#!/bin/sh\ngit log --format=%s | grep -q First || exit 0\ntouch ${JSON.stringify(waiting)}\nexec sleep 60\n`;
  project.write(".git/hooks/pre-commit", hook);
  chmodSync(project.path(".git/hooks/pre-commit"), 0o755);
  const controller = new AbortController();
  const done = commit(project, controller.signal);
  await expect.poll(() => existsSync(waiting), { timeout: 20_000 }).toBe(true);
  controller.abort();
  expect(await done).toBe(
    `Git did not commit "Migrate Second to BaseAgent": it was cancelled. 1 of 2 migrations are committed, the others are in the files: commit them, or undo the migrations.`,
  );
  rmSync(waiting);
  expect(changed(project)).toEqual([" M .proj-intel/migrations.jsonl", " M src/i.ts"]);
}, 30_000);

test("Where a hook refuses one, nothing stays staged and the sentence says how far it came", async () => {
  using project = await migrated();
  const hook = `#!/bin/sh\ngit log --format=%s | grep -q First || exit 0\necho "lint failed" >&2\nexit 1\n`;
  project.write(".git/hooks/pre-commit", hook);
  chmodSync(project.path(".git/hooks/pre-commit"), 0o755);
  expect(await commit(project)).toBe(
    `Git did not commit "Migrate Second to BaseAgent": lint failed. 1 of 2 migrations are committed, the others are in the files: commit them, or undo the migrations.`,
  );
  expect(changed(project)).toEqual([" M .proj-intel/migrations.jsonl", " M src/i.ts"]);
});
