import { errors, type Locator, type Page } from "playwright-core";

const ROW = ".notification-list-item";
/** VS Code shows three within this time, and puts what comes further behind the bell. A person is not as fast. */
const BURST_MS = 800;

/** The notifications that pop up in the corner, and those behind the bell that do not or have left it. */
export class Notifications {
  private readonly page: Page;
  private seenAt = 0;

  constructor(page: Page) {
    this.page = page;
  }

  with(text: string | RegExp): Locator {
    return this.page
      .locator(`.notifications-toasts ${ROW}, .notifications-center ${ROW}`)
      .filter({ hasText: text, visible: true })
      .first();
  }

  /** Waits for it and gives its sentence. */
  async message(text: string | RegExp): Promise<string> {
    const told = await this.told(text);
    return (await told.locator(".notification-list-item-message").innerText()).trim();
  }

  async buttons(text: string | RegExp): Promise<string[]> {
    const told = await this.told(text);
    const buttons = told.locator(".notification-list-item-buttons-container .monaco-button");
    return (await buttons.allInnerTexts()).map((label) => label.trim());
  }

  async press(text: string | RegExp, button: string): Promise<void> {
    const told = await this.told(text);
    await told.getByRole("button", { name: button, exact: true }).click({ timeout: 15_000 });
  }

  /** What has left the corner, or never came there, is in the list behind the bell. */
  private async told(text: string | RegExp): Promise<Locator> {
    const told = this.with(text);
    try {
      await told.waitFor({ timeout: 15_000 });
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      await this.page.locator("[id='status.notifications']").click();
      await told.waitFor({ timeout: 15_000 });
    }
    await this.pause();
    return told;
  }

  /** Between one of them and what a test does next. */
  private async pause(): Promise<void> {
    await this.page.waitForTimeout(Math.max(0, this.seenAt + BURST_MS - Date.now()));
    this.seenAt = Date.now();
  }

  async clear(): Promise<void> {
    const all = this.page.locator(".notifications-center .codicon-notifications-clear-all");
    if (await all.isVisible()) await all.click();
    const close = this.page
      .locator(".notifications-toasts .codicon-notifications-clear")
      .filter({ visible: true });
    while ((await close.count()) > 0) {
      const toast = close.first();
      // One may leave by itself meanwhile.
      await toast.hover({ force: true, timeout: 5_000 }).catch(() => undefined);
      await toast.click({ force: true, timeout: 5_000 }).catch(() => undefined);
    }
  }
}
