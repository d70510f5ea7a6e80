import { expect } from "vitest";
import type { Settings } from "../vscode/server.ts";
import { QUIET } from "./session.ts";
import type { Workbench } from "./workbench/workbench.ts";

let times = 0;

/** Writes the user's settings as a user does, and waits until they count. */
export async function setUserSettings(workbench: Workbench, settings: Settings): Promise<void> {
  const title = `settings ${(times += 1)}`;
  await workbench.run("Preferences: Open User Settings (JSON)");
  const group = workbench.page.locator(".editor-group-container.active");
  await group.locator('.tab.active[data-resource-name="settings.json"]').waitFor();
  await group.locator(".monaco-editor.focused").first().waitFor();
  const all = { ...QUIET, ...settings, "window.title": title };
  await workbench.editor.replace(JSON.stringify(all, null, 2));
  await workbench.editor.save();
  await expect.poll(() => workbench.page.title(), { timeout: 60_000, interval: 200 }).toBe(title);
  await workbench.run("View: Close All Editors");
}
