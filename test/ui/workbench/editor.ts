import { errors, type Locator, type Page } from "playwright-core";
import { choose, isMenuOpen, menuEntries } from "./contextMenu.ts";

/** The active text editor, by what a user sees of it. */
export class Editor {
  private readonly page: Page;
  private readonly root: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.locator(".editor-group-container.active .editor-instance .monaco-editor").first();
  }

  /** The lines in sight. */
  lines(): Promise<string[]> {
    return linesOf(this.root);
  }

  /** Where the cursor stands, counted from 1. */
  async line(): Promise<number> {
    const text = await this.page.locator('[id="status.editor.selection"]').innerText();
    return Number(/Ln (\d+)/.exec(text)?.[1] ?? Number.NaN);
  }

  /** The title of the active tab; a changed file ends in `*`. */
  async tab(): Promise<string> {
    const tab = this.page.locator(".editor-group-container.active .tab.active");
    const dirty = ((await tab.getAttribute("class")) ?? "").split(" ").includes("dirty");
    const name = await tab.locator(".label-name, .label-suffix").allInnerTexts();
    return name.join("").trim() + (dirty ? "*" : "");
  }

  async focus(): Promise<void> {
    await this.page.keyboard.press("Control+1");
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** All of it by another text, as pasting does. */
  async replace(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(text);
    // What the editor closed by itself.
    await this.page.keyboard.press("ControlOrMeta+Shift+End");
    await this.page.keyboard.press("Delete");
  }

  async undo(): Promise<void> {
    await this.page.keyboard.press("Control+z");
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
  }

  /** Right-clicks the text in sight and chooses from the menu. */
  async chooseFromMenu(text: string, entry: string): Promise<void> {
    await this.openMenu(text);
    await choose(this.page, entry);
  }

  async menu(text: string): Promise<string[]> {
    await this.openMenu(text);
    return menuEntries(this.page);
  }

  /** Again where the text moved under the mouse, as it does when a CodeLens appears above it. */
  private async openMenu(text: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.at(text).click({ button: "right" });
      if ((await isMenuOpen(this.page)) || attempt === 4) return;
    }
  }

  /** The actions of the lightbulb where the text stands; asked for again where VS Code drops the question. */
  async lightbulb(text: string): Promise<Locator> {
    const actions = this.page.locator(".action-widget .monaco-list-row");
    // Where they come late they move the text away from under the mouse.
    await this.root.locator(".codelens-decoration", { hasText: "Run" }).first().waitFor();
    for (let attempt = 1; ; attempt += 1) {
      await this.at(text).click();
      await this.page.keyboard.press("Control+.");
      try {
        await actions.first().waitFor({ timeout: 10_000 });
        return actions;
      } catch (error) {
        if (attempt === 4 || !(error instanceof errors.TimeoutError)) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  at(text: string): Locator {
    return this.root.locator(".view-line span").filter({ hasText: text }).last();
  }
}

/** The lines in sight of an editor, top to bottom. */
export async function linesOf(editor: Locator): Promise<string[]> {
  const lines = await editor.locator(".view-lines .view-line").evaluateAll((elements) =>
    elements
      .map((element) => ({
        top: Number.parseFloat((element as unknown as { style: { top: string } }).style.top),
        text: element.textContent,
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );
  return lines.map((line) => line.replaceAll("\u00a0", " "));
}
