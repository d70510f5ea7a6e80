import { basename } from "node:path";
import type { Locator, Page } from "playwright-core";

/** The input and pick list at the top of the window. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator(".quick-input-widget");
    this.input = this.widget.locator(".quick-input-box input");
  }

  async shown(timeout = 30_000): Promise<void> {
    await this.input.waitFor({ timeout });
  }

  async hidden(): Promise<void> {
    await this.input.waitFor({ state: "hidden" });
  }

  /** Title, or "" where there is none. */
  async title(): Promise<string> {
    await this.shown();
    return (await this.widget.locator(".quick-input-title").innerText()).trim();
  }

  /** The line below the input: the prompt, or what is wrong with the value. */
  async message(): Promise<string> {
    return (await this.widget.locator(".quick-input-message").innerText()).trim();
  }

  /** The picks in sight, label and description. */
  async picks(): Promise<string[]> {
    const texts = await this.widget.locator(".quick-input-list-entry").allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim());
  }

  async type(text: string, timeout = 30_000): Promise<void> {
    await this.shown(timeout);
    await this.input.fill(text, { timeout });
  }

  async accept(): Promise<void> {
    await this.input.press("Enter");
  }

  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  /** Answers the dialog that asks where a file goes, once it has its suggestion. */
  async saveAs(path: string, suggested: string): Promise<void> {
    await this.shown();
    // As text: this file is also part of projects without a DOM.
    const value = 'document.querySelector(".quick-input-widget .quick-input-box input").value';
    await this.page.waitForFunction(`${value}.endsWith(${JSON.stringify(suggested)})`);
    await this.answer(path);
  }

  /** Answers the dialog that asks for a file of the folder that it begins with, once that is listed. */
  async openFile(path: string): Promise<void> {
    await this.entry(basename(path)).waitFor();
    await this.answer(path);
  }

  /** Picks the entry with that label; a long list is narrowed by typing first. */
  async pick(label: string, typed: string = label, timeout = 30_000): Promise<void> {
    await this.type(typed, timeout);
    await this.entry(label).click({ timeout });
  }

  entry(label: string): Locator {
    return this.widget
      .locator(".monaco-list-row")
      .filter({ has: this.page.locator(".label-name").getByText(label, { exact: true }) })
      .first();
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.hidden();
  }
}
