import { errors, type Locator } from "playwright-core";
import { choose, chooseByKeys, isMenuOpen, menuEntries } from "./contextMenu.ts";

interface Row {
  level: number;
  /** null for a row without children. */
  expanded: boolean | null;
  text: string;
}

/** A tree view in the side bar, by what stands in its rows. */
export class Tree {
  readonly view: Locator;

  constructor(view: Locator) {
    this.view = view;
  }

  /** The rows in sight as a picture: indented, `▾` open, `▸` closed, label and description apart by two spaces. */
  async picture(): Promise<string[]> {
    return (await this.rows()).map(
      ({ level, expanded, text }) =>
        "  ".repeat(level - 1) + (expanded === null ? "" : expanded ? "▾ " : "▸ ") + text,
    );
  }

  /** The picture of one row and everything below it, not indented. */
  async pictureOf(label: string): Promise<string[]> {
    const lines = await this.picture();
    const start = lines.findIndex((line) => startsWith(line, label));
    const indent = (line: string) => line.search(/\S/);
    const from = lines[start];
    if (from === undefined) return [];
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => indent(line) <= indent(from));
    return [from, ...(end === -1 ? rest : rest.slice(0, end))].map((line) => line.slice(indent(from)));
  }

  /** A row whose label is exactly this. */
  row(label: string): Locator {
    return this.view
      .locator(".monaco-list-row")
      .filter({ has: this.view.page().locator(".label-name").getByText(label, { exact: true }) })
      .first();
  }

  /** Opens a row by its arrow, which runs no command. */
  async expand(label: string): Promise<void> {
    const row = this.row(label);
    const expanded = row.and(this.view.locator("[aria-expanded='true']"));
    // A click while the tree is being drawn anew is lost.
    for (let attempt = 1; ; attempt += 1) {
      if ((await row.getAttribute("aria-expanded")) !== "true")
        await row.locator(".monaco-tl-twistie").click();
      try {
        await expanded.waitFor({ timeout: 10_000 });
        return;
      } catch (error) {
        if (attempt === 3 || !(error instanceof errors.TimeoutError)) throw error;
      }
    }
  }

  /** The box before a row. */
  box(label: string): Locator {
    return this.row(label).locator(".custom-view-tree-node-item-checkbox");
  }

  async fold(label: string): Promise<void> {
    const row = this.row(label);
    if ((await row.getAttribute("aria-expanded")) === "true") await row.locator(".monaco-tl-twistie").click();
    await row.and(this.view.locator("[aria-expanded='false']")).waitFor();
  }

  /** Clicks a row as a user does who wants to see its place. */
  async open(label: string): Promise<void> {
    await this.row(label).locator(".label-name").click();
  }

  /** Clicks a row that stands below another one. */
  async openBelow(parent: string, label: string): Promise<void> {
    const index = Number(await this.row(parent).getAttribute("data-index"));
    const rows = this.view.locator(".monaco-list-row").filter({ hasText: label });
    for (const row of await rows.all())
      if (Number(await row.getAttribute("data-index")) > index) return row.locator(".label-name").click();
    throw new Error(`${label} stands nowhere below ${parent}.`);
  }

  async chooseFromMenu(label: string, entry: string): Promise<void> {
    // A click while the tree is being drawn anew is lost.
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await this.row(label).click({ button: "right" });
      if (await isMenuOpen(this.view.page())) break;
    }
    await choose(this.view.page(), entry);
  }

  /** Entries of the menu that a key opened. */
  menuEntries(): Promise<string[]> {
    return menuEntries(this.view.page());
  }

  /** Opens the menu of the row that has the keyboard, and chooses without a mouse. */
  async chooseByKeys(entry: string): Promise<void> {
    await this.view.page().keyboard.press("Shift+F10");
    await chooseByKeys(this.view.page(), entry);
  }

  choose(entry: string): Promise<void> {
    return choose(this.view.page(), entry);
  }

  /** Gives the rows the keyboard. */
  async focus(): Promise<void> {
    await this.view.locator(".monaco-list").first().focus();
  }

  /** A command in the title of the view. */
  action(title: string): Locator {
    return this.view.page().locator(".part.sidebar .composite.title").getByRole("button", { name: title });
  }

  /** Above the rows; "" where there is nothing to say. */
  async message(): Promise<string> {
    const message = this.view.locator(".tree-explorer-viewlet-tree-view .message").first();
    return (await message.isVisible()) ? (await message.innerText()).trim() : "";
  }

  /** What stands in place of rows. */
  welcome(): Locator {
    return this.view.locator(".welcome-view");
  }

  private rows(): Promise<Row[]> {
    return this.view.locator(".monaco-list-row").evaluateAll((rows) =>
      rows
        .map((row) => ({
          index: Number(row.getAttribute("data-index")),
          level: Number(row.getAttribute("aria-level")),
          expanded: row.hasAttribute("aria-expanded") ? row.getAttribute("aria-expanded") === "true" : null,
          text: [".label-name", ".label-description"]
            .map((part) => row.querySelector(part)?.textContent ?? "")
            .filter(Boolean)
            .join("  "),
        }))
        .sort((a, b) => a.index - b.index),
    );
  }
}

const startsWith = (line: string, label: string) => {
  const text = line.trim().replace(/^[▾▸] /, "");
  return text === label || text.startsWith(`${label}  `);
};
