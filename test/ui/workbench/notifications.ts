import { errors, type Locator, type Page } from "playwright-core";

/** The notifications that pop up in the corner. */
export class Notifications {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  with(text: string | RegExp): Locator {
    return this.page
      .locator(".notifications-toasts .notification-list-item")
      .filter({ hasText: text })
      .first();
  }

  /** Waits for it and gives its sentence. */
  async message(text: string | RegExp): Promise<string> {
    const toast = this.with(text);
    await toast.waitFor({ timeout: 30_000 });
    return (await toast.locator(".notification-list-item-message").innerText()).trim();
  }

  async buttons(text: string | RegExp): Promise<string[]> {
    const toast = this.with(text);
    await toast.waitFor({ timeout: 30_000 });
    return (
      await toast.locator(".notification-list-item-buttons-container .monaco-button").allInnerTexts()
    ).map((label) => label.trim());
  }

  /** Where it has left the corner meanwhile, as those do that are no errors, it is in the list behind the bell. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const named = { name: button, exact: true };
    try {
      await this.with(text).getByRole("button", named).click({ timeout: 15_000 });
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
      await this.page.locator("[id='status.notifications']").click();
      const listed = this.page.locator(".notifications-center .notification-list-item");
      await listed.filter({ hasText: text }).first().getByRole("button", named).click({ timeout: 15_000 });
    }
  }

  async clear(): Promise<void> {
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
