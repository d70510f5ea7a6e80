import { execFileSync, spawn } from "node:child_process";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, expect, test } from "vitest";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
  return execFileSync("git", [...identity, "-C", folder, ...args], { encoding: "utf8" });
}

async function migrate(folder: string, ...options: string[]) {
  const env = { ...process.env };
  for (const who of ["AUTHOR", "COMMITTER"]) {
    env[`GIT_${who}_NAME`] = "Ann";
    env[`GIT_${who}_EMAIL`] = "ann@example.org";
  }
  const command = [join(dist, "cli.cjs"), "migrate", folder, "--all", ...options];
  const child = spawn(process.execPath, command, { cwd: workspace.root, env });
  const [code, , err] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, err };
}

const subjects = (folder: string): string[] => git(folder, "log", "--format=%s").trimEnd().split("\n");
const status = (folder: string): string[] => git(folder, "status", "--short").split("\n").filter(Boolean);

beforeEach(async () => {
  await workspace.write("shop/package.json", '{"type":"module"}');
  for (const [file, name] of [
    ["a", "ResearchAgent"],
    ["b", "WriterAgent"],
  ]) {
    await workspace.write(
      `shop/src/${file}.ts`,
      `export class ${name} {\n  run(task: string) { return task; }\n}\n`,
    );
  }
  git(workspace.root, "init", "--quiet", "--initial-branch=main");
  git(workspace.root, "add", "--all");
  git(workspace.root, "commit", "--quiet", "--message=start");
});

const both = ["Migrate WriterAgent to BaseAgent", "Migrate ResearchAgent to BaseAgent", "start"];

test("a folder within a repository, one commit a class", async () => {
  const shop = join(workspace.root, "shop");
  expect(await migrate(shop, "--commit")).toEqual({ code: 0, err: "" });
  expect(subjects(shop)).toEqual(both);
  expect(status(workspace.root)).toEqual([]);
});

test("a linked work tree without a branch: the other one keeps what it has", async () => {
  const linked = `${workspace.root}-linked`;
  try {
    git(workspace.root, "worktree", "add", "--quiet", "--detach", linked);
    expect(await migrate(join(linked, "shop"), "--commit")).toEqual({ code: 0, err: "" });
    expect(subjects(linked)).toEqual(both);
    expect(status(linked)).toEqual([]);
    expect([subjects(workspace.root), status(workspace.root)]).toEqual([["start"], []]);
  } finally {
    await rm(linked, { recursive: true, force: true });
  }
});

test("a tree with changes: --commit leaves it alone, without it the changes are named", async () => {
  await workspace.write("shop/note.txt", "mine");
  const shop = join(workspace.root, "shop");
  expect(await migrate(shop, "--commit")).toEqual({
    code: 2,
    err: "1 path differs from the last commit (shop/note.txt): commit or stash that first, so that each commit holds one migration.\n",
  });
  expect(status(workspace.root)).toEqual(["?? shop/note.txt"]);
  expect(await migrate(shop)).toEqual({
    code: 0,
    err: "1 path differs from the last commit (shop/note.txt): the migration stands among these changes.\n",
  });
  expect(status(workspace.root)).toContain(" M shop/src/a.ts");
});

test.skipIf(process.platform === "win32")(
  "a hook that refuses a commit ends with code 2 and what it said",
  async () => {
    const hook = await workspace.write(
      ".git/hooks/pre-commit",
      '#!/bin/sh\ngit diff --cached --name-only | grep --quiet src/b.ts || exit 0\necho "b is frozen" >&2\nexit 1\n',
    );
    await chmod(hook, 0o755);
    expect(await migrate(join(workspace.root, "shop"), "--commit")).toEqual({
      code: 2,
      err: 'Git did not commit "Migrate WriterAgent to BaseAgent": b is frozen. 1 of 2 migrations are committed, the others are in the files: commit them, or undo the migrations.\n',
    });
    expect(subjects(workspace.root)).toEqual(["Migrate ResearchAgent to BaseAgent", "start"]);
    expect(status(workspace.root)).toEqual([" M shop/.proj-intel/migrations.jsonl", " M shop/src/b.ts"]);
  },
);
