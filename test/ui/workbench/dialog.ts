import type { Locator, Page } from "playwright-core";

/** The modal question in the middle of the window. */
export class Dialog {
  private readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator(".monaco-dialog-box");
  }

  /** Its sentences. */
  async text(): Promise<string> {
    await this.box.waitFor({ timeout: 30_000 });
    return (await this.box.locator(".dialog-message-row").innerText()).trim();
  }

  async press(button: string): Promise<void> {
    await this.box.getByRole("button", { name: button, exact: true }).click({ timeout: 30_000 });
    await this.box.waitFor({ state: "hidden" });
  }
}
