import type { Locator, Page } from "playwright-core";

const menu = (page: Page): Locator => page.locator(".monaco-menu:visible");

/** Whether a context menu opens within a few seconds. */
export async function isMenuOpen(page: Page): Promise<boolean> {
  return menu(page)
    .first()
    .waitFor({ timeout: 5_000 })
    .then(
      () => true,
      () => false,
    );
}

/** The entries of the open context menu. */
export async function menuEntries(page: Page): Promise<string[]> {
  await menu(page).first().waitFor();
  return menu(page).locator(".action-menu-item .action-label").allInnerTexts();
}

export async function choose(page: Page, entry: string): Promise<void> {
  const item = menu(page).locator(".action-menu-item").filter({ hasText: entry }).first();
  await item.waitFor();
  // A menu takes no click in the first tenth of a second, so that the one that opened it chooses nothing.
  await page.waitForTimeout(200);
  await item.click();
  await menu(page).first().waitFor({ state: "hidden" });
}

/** Chooses with the arrow keys. */
export async function chooseByKeys(page: Page, entry: string): Promise<void> {
  const entries = await menuEntries(page);
  const focused = menu(page).locator(".action-item.focused .action-label");
  for (let step = 0; step <= entries.length; step += 1) {
    if ((await focused.count()) > 0 && (await focused.first().innerText()) === entry) {
      await page.keyboard.press("Enter");
      await menu(page).first().waitFor({ state: "hidden" });
      return;
    }
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${entry} is not among ${entries.join(", ")}.`);
}

export async function closeMenu(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await menu(page).first().waitFor({ state: "hidden" });
}
