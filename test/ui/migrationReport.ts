import type { Workbench } from "./workbench/workbench.ts";

/** What the report in sight says, a section a line: "Failed 1 ClashAgent src/clashAgent.ts …". */
export async function reportedIn(workbench: Workbench): Promise<string[]> {
  const report = workbench.webview();
  // The type checker loads a project twice.
  await report.locator(".classes").first().waitFor({ timeout: 120_000 });
  const sections = await report.locator("section").allInnerTexts();
  return sections
    .filter((text) => !text.startsWith("Type errors"))
    .map((text) => text.replace(/\s*\n\s*/g, " "));
}
