import type { FrameLocator, Locator } from "playwright-core";

/** A long list or tree in a panel, of which only the rows in sight are drawn. */
export class Rows {
  readonly #list: Locator;

  constructor(frame: FrameLocator, label: string) {
    this.#list = frame.locator(`.rows[aria-label="${label}"]`);
  }

  /** In the order in which they stand. */
  async texts(): Promise<string[]> {
    // At once: those in sight come and go.
    const placed = await this.#list.locator(".row").evaluateAll((rows) =>
      rows.map((row) => ({
        place: Number(row.getAttribute("data-index")),
        text: (row as unknown as { innerText: string }).innerText.replace(/\s+/g, " ").trim(),
      })),
    );
    return placed.sort((a, b) => a.place - b.place).map(({ text }) => text);
  }

  row(text: string | RegExp): Locator {
    return this.#list.locator(".row").filter({ hasText: text }).first();
  }

  /** The one that is chosen. */
  get active(): Locator {
    return this.#list.locator(".row.active");
  }

  async press(key: string): Promise<void> {
    await this.#list.press(key);
  }

  async shown(): Promise<void> {
    await this.#list.locator(".row").first().waitFor({ timeout: 30_000 });
  }
}
