import type { Locator, Page } from "playwright-core";
import { linesOf } from "./editor.ts";

/** The diff editor in sight. */
export class Diff {
  private readonly root: Locator;

  constructor(page: Page) {
    this.root = page.locator(".editor-group-container.active .monaco-diff-editor").first();
  }

  async shown(): Promise<void> {
    await this.root.locator(".editor.modified .view-line").first().waitFor({ timeout: 30_000 });
  }

  before(): Promise<string[]> {
    return linesOf(this.root.locator(".editor.original"));
  }

  after(): Promise<string[]> {
    return linesOf(this.root.locator(".editor.modified"));
  }
}
