import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { OUTPUT } from "../../vscode/paths.ts";
import { Diff } from "./diff.ts";
import { Editor, linesOf } from "./editor.ts";
import { Notifications } from "./notifications.ts";
import { QuickInput } from "./quickInput.ts";
import { Tree } from "./tree.ts";

/** VS Code as a user drives it: by keys and by what is in sight. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly editor: Editor;
  readonly diff: Diff;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.editor = new Editor(page);
    this.diff = new Diff(page);
  }

  /** Waits until the side bar shows the folder and the contributions of extensions are there. */
  async ready(): Promise<void> {
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
    await this.page.locator(".activitybar .action-label[aria-label='Agents']").waitFor({ timeout: 60_000 });
  }

  /** Opens a view container by its icon in the activity bar. */
  async openView(label: string, id: string): Promise<Tree> {
    const view = this.page.locator(`[id="workbench.view.extension.${id}"]`);
    if (!(await view.isVisible()))
      await this.page.locator(`.activitybar .action-label[aria-label='${label}']`).click();
    await view.waitFor();
    return new Tree(view);
  }

  /** Runs a command of the palette by its full title. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.quickInput.pick(title, `>${title}`);
  }

  /** Opens a file of the workspace, and puts the cursor on a line. */
  async openFile(path: string, line = 1): Promise<void> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    await this.page.keyboard.press("F1");
    await this.quickInput.pick(name, path);
    await this.page.locator(".editor-group-container.active .tab.active").filter({ hasText: name }).waitFor();
    await this.page.keyboard.press("F1");
    await this.quickInput.answer(`:${line}`);
  }

  /** The content of the webview in sight. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
  }

  /** What the output panel shows. */
  output(): Promise<string[]> {
    return linesOf(this.page.locator("[id='workbench.panel.output'] .monaco-editor"));
  }

  statusBar(): Promise<string[]> {
    return this.page.locator(".statusbar-item:visible").allInnerTexts();
  }

  /** Kept in test-output/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const folder = join(OUTPUT, "screenshots");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}
