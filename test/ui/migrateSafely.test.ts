import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { lineOf, useVSCode } from "./fixture.ts";
import { reportedIn } from "./migrationReport.ts";
import { holdFile, waitingCompiler } from "./waitingCompiler.ts";
import type { Tree } from "./workbench/tree.ts";

const greet = "src/greetAgent.ts";
const words = "src/wordAgents.ts";

const vscode = useVSCode("migrateSafely", {
  files: {
    ...Object.fromEntries(
      ["package.json", "tsconfig.json", greet, words].map((path) => [path, desk[path] ?? ""]),
    ),
    "README.md": "# Desk\n",
    ".gitignore": "node_modules\n.vscode\n",
    ...waitingCompiler(greet),
  },
  prepare: ({ folder }) => {
    execFileSync("git", ["init", "-q", "-b", "main"], { cwd: folder });
    for (const [key, value] of Object.entries({ "user.name": "t", "user.email": "t@example.com" }))
      execFileSync("git", ["config", key, value], { cwd: folder });
    execFileSync("git", ["add", "-A"], { cwd: folder });
    execFileSync("git", ["commit", "-qm", "start"], { cwd: folder });
    return Promise.resolve(folder);
  },
});
const slow = { timeout: 60_000, interval: 200 };

const git = (...args: string[]) =>
  execFileSync("git", args, { cwd: vscode.workspace.folder, encoding: "utf8" }).trim();
const apply = () => vscode.workbench.run("Agents: Apply Migration of Checked Classes");

async function prepare(): Promise<Tree> {
  if (await vscode.workbench.isPreparing())
    await vscode.workbench.run("Agents: Discard Migration of the Workspace");
  await expect.poll(() => vscode.workbench.isPreparing()).toBe(false);
  await vscode.workbench.run("Agents: Migrate Workspace…");
  return vscode.workbench.checklist();
}

/** Changes the setting, and waits until it counts. */
async function commitEach(commit: boolean): Promise<void> {
  const { workspace } = vscode;
  const settings = JSON.parse(await workspace.read(".vscode/settings.json")) as object;
  const changed = { ...settings, "opsviAgents.migration.commit": commit };
  await workspace.write(".vscode/settings.json", JSON.stringify(changed));
  const commits = async () => (await (await prepare()).message()).includes("committed one by one");
  await expect.poll(commits, { ...slow, interval: 1_000 }).toBe(commit);
}

async function undoAll(count: number): Promise<void> {
  const { workbench } = vscode;
  await workbench.webview().getByRole("button", { name: "Undo All" }).click();
  await workbench.notifications.message(`${count} migrations are undone.`);
  // The report of the next one is not mistaken for this one.
  await workbench.run("View: Close All Editors");
  await workbench.dismiss();
}

const all =
  "Migrated 3 GreetAgent src/greetAgent.ts GreetAgentAdapter CountAgent src/wordAgents.ts CountAgentAdapter UpperAgent src/wordAgents.ts UpperAgentAdapter";

describe("Cancel", () => {
  afterEach(() => rm(vscode.workspace.path(holdFile), { force: true }));

  it("while planning closes the question, leaves everything as it is and says so", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    const question = async () => {
      await workbench.run("Agents: Migrate Workspace…");
      await expect.poll(() => workbench.quickInput.title()).toContain("where do migrated classes get");
    };
    await workbench.agents();
    await question();
    await workbench.notifications.press("Planning the migration of 3 classes", "Cancel");
    expect(await workbench.notifications.message("cancelled")).toBe(
      "Planning was cancelled: nothing is changed.",
    );
    await workbench.quickInput.hidden();
    expect(await workspace.texts()).toEqual(before);

    await question();
    await workbench.quickInput.accept();
    const tree = await workbench.checklist();
    await expect.poll(() => tree.message(), slow).toMatch(/^3 classes in 2 files · vendored runtime/);
    await workbench.dismiss();
  });

  it.each([
    ["before anything is written", "", "checking types before…"],
    ["while verifying", "GreetAgentAdapter", "verifying by the types…"],
  ])("%s leaves everything as it was and says so; what was chosen stays", async (_when, part, stage) => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    await workspace.write(holdFile, part);
    await apply();
    await workbench.notifications.message(`Migrating 3 classes: ${stage}`);
    expect((await workspace.read(greet)).includes("Adapter")).toBe(part !== "");
    await workbench.notifications.press("Migrating 3 classes", "Cancel");
    expect(await workbench.notifications.message("cancelled")).toBe(
      "The migration was cancelled: nothing of it stays.",
    );
    expect(await workspace.texts()).toEqual(before);
    expect(await (await workbench.checklist()).message()).toMatch(/^3 classes in 2 files/);
    await workbench.dismiss();
  });

  it("and a second attempt migrates", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    await apply();
    expect(await reportedIn(workbench)).toEqual([all]);
    await undoAll(3);
    expect(await workspace.texts()).toEqual(before);
  });
});

describe("A tree that differs from the last commit", () => {
  it("is warned of: Cancel changes nothing, Migrate Anyway goes on", async () => {
    const { workbench, workspace } = vscode;
    await workspace.write("README.md", "# The desk\n");
    const before = await workspace.texts();
    await prepare();
    await apply();
    expect((await workbench.dialog.text()).split(/\n+/)).toEqual([
      "There are changes that are not committed.",
      "1 path differs from the last commit (README.md) in shop.",
      "The migration will stand among these changes.",
    ]);
    await workbench.screenshot("migration-dirty-tree");
    await workbench.dialog.press("Cancel");
    expect(await workspace.texts()).toEqual(before);
    await apply();
    await workbench.dialog.press("Migrate Anyway");
    expect(await reportedIn(workbench)).toEqual([all]);
    await undoAll(3);
    expect(await workspace.texts()).toEqual(before);
    git("checkout", "README.md");
  });
});

describe("A commit for each migration", () => {
  it("is refused while the tree differs from the last commit", async () => {
    const { workbench, workspace } = vscode;
    await commitEach(true);
    await workspace.write("README.md", "# The desk\n");
    const before = await workspace.texts();
    await apply();
    expect(await workbench.notifications.message("commit or stash")).toBe(
      "1 path differs from the last commit (README.md) in shop: commit or stash that first, so that each commit holds one migration.",
    );
    expect(await workspace.texts()).toEqual(before);
    git("checkout", "README.md");
    await workbench.dismiss();
  });

  it("says what a hook that refuses says, and leaves the migration in the files and nothing staged", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    const head = git("rev-parse", "HEAD");
    const hook = ".git/hooks/pre-commit";
    await workspace.write(hook, "#!/bin/sh\necho 'No commits on Fridays' >&2\nexit 1\n");
    execFileSync("chmod", ["+x", workspace.path(hook)]);
    await apply();
    expect(await reportedIn(workbench)).toEqual([all]);
    expect(await workbench.webview().locator(".notes").innerText()).toMatch(
      /^Git did not commit "Migrate GreetAgent to BaseAgent": No commits on Fridays\. 0 of 3 migrations are committed, the others are in the files: /,
    );
    await workbench.screenshots("migration-hook");
    expect(git("rev-parse", "HEAD")).toBe(head);
    expect(git("diff", "--cached", "--name-only")).toBe("");
    await undoAll(3);
    expect(await workspace.texts()).toEqual(before);
    expect(git("status", "--porcelain")).toBe("?? .proj-intel/");
    await workspace.remove(hook);
  });

  it("is made in the order of the report, and holds that class alone", async () => {
    const { workbench } = vscode;
    await prepare();
    await apply();
    expect(await reportedIn(workbench)).toEqual([all]);
    expect(git("log", "--reverse", "--format=%s").split("\n")).toEqual([
      "start",
      "Migrate GreetAgent to BaseAgent",
      "Migrate CountAgent to BaseAgent",
      "Migrate UpperAgent to BaseAgent",
    ]);
    expect(git("status", "--porcelain")).toBe("");
    expect(git("show", `HEAD~2:${words}`)).toBe(git("show", `HEAD~3:${words}`));
    expect(git("show", `HEAD~2:${greet}`)).toContain("class GreetAgentAdapter");
    expect(git("show", `HEAD~1:${words}`)).toContain("class CountAgentAdapter");
    expect(git("show", `HEAD~1:${words}`)).not.toContain("UpperAgentAdapter");
    await undoAll(3);
    git("reset", "-q", "--hard", "HEAD~3");
    await commitEach(false);
  });
});

describe("What changes meanwhile", () => {
  it("is asked about where it is only in an editor", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.read(greet);
    await workbench.openFile(greet, lineOf(before, "execute"));
    await workbench.page.keyboard.press("End");
    await workbench.editor.type(" // unsaved");
    await expect.poll(() => workbench.editor.tab()).toBe("greetAgent.ts*");
    await prepare();
    await apply();
    expect((await workbench.dialog.text()).split(/\n+/)).toEqual(["Save 1 file and go on?", greet]);
    await workbench.dialog.press("Cancel");
    expect(await workspace.read(greet)).toBe(before);
    await apply();
    await workbench.dialog.press("Save and Go On");
    await workbench.dialog.press("Migrate Anyway");
    expect(await reportedIn(workbench)).toEqual([all]);
    expect(await workspace.read(greet)).toContain("{ // unsaved");
    await undoAll(3);
    expect(await workspace.read(greet)).toBe(before.replace("string) {", "string) { // unsaved"));
    await workspace.write(greet, before);
  });

  it("is said where a file is gone: the others are migrated after another look", async () => {
    const { workbench, workspace } = vscode;
    await prepare();
    await workspace.remove(greet);
    const before = await workspace.texts();
    await apply();
    await workbench.dialog.press("Migrate Anyway");
    expect(await workbench.notifications.message("have changed since")).toBe(
      "Files have changed since the differences were made: they are made anew. Look at them, then apply again.",
    );
    expect(await workspace.texts()).toEqual(before);
    await apply();
    await workbench.dialog.press("Migrate Anyway");
    expect(await reportedIn(workbench)).toEqual([
      "Migrated 2 CountAgent src/wordAgents.ts CountAgentAdapter UpperAgent src/wordAgents.ts UpperAgentAdapter",
      `Left as they are 1 GreetAgent ${greet} ${greet} does not exist or cannot be read.`,
    ]);
    await undoAll(2);
    expect(await workspace.texts()).toEqual(before);
  });
});
