import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const patterns = JSON.stringify({
  version: "1.0.0",
  patterns: ["the disk is full", "no such file"].map((message, at) => ({
    ...{ error_signature: `s${at}`, error_type: "Error", pattern: message, normalised: message },
    ...{ occurrences: 4, last_seen: "2026-01-02T03:04:05.000Z", solutions: [{ fix: "Empty the bin" }] },
  })),
});
const vscode = useVSCode("restrictedPatterns", {
  trust: true,
  files: { "package.json": "{}", ".proj-intel/error_patterns.json": patterns },
});
const slow = { timeout: 20_000, interval: 200 };
const view = () => vscode.workbench.webview();

describe("error patterns of an untrusted workspace", () => {
  it("can be read", async () => {
    const { workbench } = vscode;
    await workbench.distrust();
    await workbench.run("Agents: Show Error Patterns");
    await view().locator(".row").filter({ hasText: "the disk is full" }).click();
    await view().locator(".pattern-detail").getByText("Empty the bin").waitFor();
    await workbench.screenshot("restricted-error-patterns");
  });

  it.each(["Merge…", "Split…", "Mute…", "Rename…", "Remove", "Import patterns…"])(
    "answers %s with one sentence, and stay as they are",
    async (name) => {
      const { workbench, workspace } = vscode;
      await view().getByRole("button", { name }).click();
      expect(await workbench.notifications.message("Changing error patterns")).toMatch(/trust/);
      await workbench.notifications.clear();
      // VS Code drops the fourth notification of 800 ms; nobody presses as fast as a test.
      await sleep(400);
      expect(await workbench.quickInput.widget.isVisible()).toBe(false);
      await expect.poll(() => workspace.read(".proj-intel/error_patterns.json"), slow).toBe(patterns);
    },
  );
});
