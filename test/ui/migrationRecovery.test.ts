import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { useVSCode } from "./fixture.ts";
import { checkerFile, holdFile, waitingCompiler } from "./waitingCompiler.ts";

const path = "src/greetAgent.ts";
const before = desk[path] ?? "";
const after = `${before}\nexport class GreetAgentAdapter {}\n`;
const data = {
  name: "GreetAgent",
  file_path: path,
  status: "migrated",
  reason: null,
  adapter: "GreetAgentAdapter",
};
const time = "2026-03-01T10:00:00.000Z";

// As a crash leaves it: one file is written, the other is not.
const vscode = useVSCode("migrationRecovery", {
  settings: { "opsviAgents.migration.runtime": "vendored" },
  files: {
    ...desk,
    ...waitingCompiler(path),
    [path]: after,
    ".proj-intel/migrations.pending.json": JSON.stringify({
      ...{ version: 1, time },
      steps: [
        { path, before, after },
        { path: "opsvi-agents/core.mjs", before: null, after: "export {};\n" },
      ],
      entries: [{ type: "migration", id: "1", time, data, undo: [] }],
    }),
  },
});

describe("An interrupted migration", () => {
  const sentence = /A migration of 1 class in shop was interrupted on .*2026/;

  it("is asked about at the start, and taken back", async () => {
    const { workbench, workspace } = vscode;
    await workbench.notifications.message(sentence);
    expect(await workbench.notifications.buttons(sentence)).toEqual(["Finish", "Undo", "Show Files"]);
    await workbench.screenshot("migration-interrupted");
    await workbench.notifications.press(sentence, "Undo");
    await workbench.notifications.message("The interrupted migration is taken back: 1 file written.");
    expect(await workspace.read(path)).toBe(before);
    await expect(workspace.read(".proj-intel/migrations.pending.json")).rejects.toThrow();
    await expect(workspace.read("opsvi-agents/core.mjs")).rejects.toThrow();
  });

  /** Kills the extension host while a migration that is written is being verified, and starts VS Code again. */
  async function crash(): Promise<void> {
    const { workbench, workspace } = vscode;
    await workbench.agents();
    await workbench.run("Agents: Migrate Workspace…");
    await workbench.checklist();
    await workspace.write(holdFile, "GreetAgentAdapter");
    await workbench.run("Agents: Apply Migration of Checked Classes");
    await workbench.notifications.message("verifying by the types…");
    const hosted = () => workspace.read(checkerFile).then((pid) => parentOf(Number(pid)));
    process.kill(await hosted(), "SIGKILL");
    await workspace.remove(holdFile);
    await workbench.page.reload();
    await workbench.agents();
  }

  const parentOf = (pid: number) =>
    Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }));
  const killed = /A migration of 4 classes in shop was interrupted on /;

  it.skipIf(process.platform === "win32")(
    "by a kill is finished where the user says so, and undone like any other",
    async () => {
      const { workbench, workspace } = vscode;
      await workbench.dismiss();
      const start = await workspace.texts();
      await crash();
      await workbench.notifications.press(killed, "Finish");
      expect(await workbench.notifications.message("is finished")).toBe(
        "The interrupted migration is finished: all files were written already. The types of 4 migrated classes were not checked: compile the project, or undo the migration.",
      );
      expect(await workspace.read(path)).toContain("class GreetAgentAdapter");
      await workbench.run("Agents: Undo Migration…");
      await workbench.quickInput.pick("All 4 migrations");
      await workbench.quickInput.accept();
      await workbench.notifications.message("4 migrations are undone.");
      expect(await workspace.texts()).toEqual(start);
      await workbench.dismiss();
    },
  );

  it.skipIf(process.platform === "win32")(
    "by a kill is taken back to the byte where the user says so",
    async () => {
      const { workbench, workspace } = vscode;
      const start = await workspace.texts();
      await crash();
      await workbench.notifications.press(killed, "Undo");
      await workbench.notifications.message("The interrupted migration is taken back");
      expect(await workspace.texts()).toEqual(start);
      await expect(workspace.read(".proj-intel/migrations.pending.json")).rejects.toThrow();
    },
  );
});
