import { describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { useVSCode } from "./fixture.ts";

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
  files: {
    ...desk,
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
});
