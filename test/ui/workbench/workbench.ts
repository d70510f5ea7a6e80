import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { errors, type FrameLocator, type Locator, type Page } from "playwright-core";
import { OUTPUT } from "../../vscode/paths.ts";
import { closeMenu } from "./contextMenu.ts";
import { Dialog } from "./dialog.ts";
import { Diff } from "./diff.ts";
import { Editor, linesOf } from "./editor.ts";
import { Notifications } from "./notifications.ts";
import { QuickInput } from "./quickInput.ts";
import { Tree } from "./tree.ts";

/** As text: the webview's policy lets nothing else in. */
const AXE_RUN = `(async () => {
  ${axe.source};
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target.join(" ")));
})()`;
const AGENTS = ".activitybar .action-label[aria-label^='Agents']";

/** VS Code as a user drives it: by keys and by what is in sight. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly editor: Editor;
  readonly diff: Diff;
  readonly dialog: Dialog;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.editor = new Editor(page);
    this.diff = new Diff(page);
    this.dialog = new Dialog(page);
  }

  /** Waits until the side bar shows the folder and the contributions of extensions are there. */
  async ready(): Promise<void> {
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
  }

  /** Once our extension is there. */
  async extended(): Promise<void> {
    await this.page.locator(AGENTS).waitFor({ timeout: 60_000 });
  }

  /** The Agents view, opened by its icon in the activity bar. */
  async agents(): Promise<Tree> {
    const view = this.page.locator("[id='workbench.view.extension.opsviAgents']");
    if (!(await view.isVisible()))
      // A badge may lie over the icon.
      await this.page.locator(AGENTS).click({ force: true });
    await view.waitFor();
    return new Tree(view);
  }

  /** The checklist of a migration, below the Agents view. */
  async checklist(): Promise<Tree> {
    const view = this.migration;
    await view.locator(".monaco-list-row").first().waitFor({ timeout: 60_000 });
    return new Tree(view);
  }

  /** The Runs view in the panel, opened by its command. */
  async runs(): Promise<Tree> {
    const view = this.page.locator("[id='workbench.view.extension.opsviAgentRuns']");
    if (!(await view.isVisible())) await this.run("Agent Runs: Focus on Agent Runs View");
    await view.waitFor();
    // Beside it stand the workers of a queue, where there is one.
    return new Tree(view.locator(".pane").first());
  }

  /** The Workers view, beside the Runs view where runs go to a queue; opened by its command. */
  async workers(): Promise<Tree> {
    const view = this.pane("Workers");
    if (!(await view.isVisible())) await this.run("Agents: Show Workers of the Queue");
    await view.waitFor();
    return new Tree(view);
  }

  /** The Tools view, beside the Memory view in the panel. */
  async tools(): Promise<Tree> {
    return await this.beside("Tools", "Agent Tools & Memory: Focus on Tools View");
  }

  /** The Memory view. */
  async memory(): Promise<Tree> {
    return await this.beside("Memory", "Agent Tools & Memory: Focus on Memory View");
  }

  /** Whether the checklist is in sight. */
  isPreparing(): Promise<boolean> {
    return this.migration.isVisible();
  }

  /** Runs a command of the palette by its full title. */
  async run(title: string): Promise<void> {
    await this.choose(title, `>${title}`);
  }

  /** Opens a file of the workspace, and puts the cursor on a line. */
  async openFile(path: string, line = 1): Promise<void> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    await this.choose(name, `${path}:${line}`);
    const group = this.page.locator(".editor-group-container.active");
    await group.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await group.locator(".monaco-editor.focused").first().waitFor();
  }

  private get migration(): Locator {
    return this.pane("Migration");
  }

  private async beside(name: string, command: string): Promise<Tree> {
    const container = this.page.locator("[id='workbench.view.extension.opsviAgentTools']");
    if (!(await container.isVisible())) await this.run(command);
    const view = this.pane(name);
    await view.waitFor();
    return new Tree(view);
  }

  private pane(name: string): Locator {
    const title = this.page.locator(".pane-header .title", { hasText: new RegExp(`^${name}$`) });
    return this.page.locator(".pane").filter({ has: title });
  }

  /** Types into the box of F1 and picks; again where an editor or a panel that still loads takes the focus from it. */
  private async choose(label: string, typed: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.quickInput.hidden();
      await this.page.keyboard.press("F1");
      try {
        await this.quickInput.pick(label, typed, 5_000);
        return;
      } catch (error) {
        if (attempt === 4 || !(error instanceof errors.TimeoutError)) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  async closeMenu(): Promise<void> {
    await closeMenu(this.page);
  }

  /** Closes boxes, menus and notifications. */
  async dismiss(): Promise<void> {
    for (let i = 0; i < 3; i += 1) await this.page.keyboard.press("Escape");
    await this.notifications.clear();
  }

  /** Answers the question of a folder that is opened for the first time with no. */
  async distrust(): Promise<void> {
    await this.page.locator(".statusbar-item").filter({ hasText: "Restricted Mode" }).waitFor();
  }

  /** The content of the webview in sight. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
  }

  /** What axe-core finds serious or worse in the webview in sight: the rule, and where. */
  async violations(): Promise<string[]> {
    const found: unknown = await this.webview().locator("body").evaluate(AXE_RUN);
    return found as string[];
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

  /** NAME-light.png and NAME-dark.png. */
  async screenshots(name: string): Promise<void> {
    await this.screenshot(`${name}-light`);
    const dark = this.page.locator(".monaco-workbench.vs-dark");
    await this.run("Preferences: Toggle between Light/Dark Themes");
    await dark.waitFor();
    await this.screenshot(`${name}-dark`);
    await this.run("Preferences: Toggle between Light/Dark Themes");
    await dark.waitFor({ state: "detached" });
  }
}
