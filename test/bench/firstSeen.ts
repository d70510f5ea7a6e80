import type { FrameLocator, Page } from "playwright-core";

const NAME = "firstSeen";

/**
 * Lets every document note when something first matches: Playwright itself looks only every half second
 * into frames that are still loading.
 */
export async function noteFirst(page: Page, selector: string): Promise<void> {
  await page.addInitScript(
    ([name, wanted]) => {
      const page = globalThis as unknown as { document: { querySelector(selector: string): unknown } };
      const looking = setInterval(() => {
        if (page.document.querySelector(wanted) === null) return;
        Object.assign(page, { [name]: Date.now() });
        clearInterval(looking);
      }, 5);
    },
    [NAME, selector] as const,
  );
}

/** Once it is in sight: when that was, and when the document began, in ms since 1970. */
export function firstSeen(frame: FrameLocator): Promise<{ seen: number; began: number }> {
  return frame.locator("main").evaluate((_, name) => {
    const seen = (globalThis as unknown as Record<string, number>)[name] ?? Number.NaN;
    return { seen, began: performance.timeOrigin };
  }, NAME);
}
