import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../vscode/chromium.ts";
import { OUTPUT, ROOT } from "../vscode/paths.ts";
import { startServer, workbenchUrl, type Settings } from "../vscode/server.ts";
import { Workbench } from "./workbench/workbench.ts";
import type { Workspace } from "./workspace.ts";

export interface SessionOptions {
  /** Names the log of this session in test-output/. */
  name: string;
  trust?: boolean;
  /** Further settings of the user. */
  userSettings?: Settings | undefined;
  /** What is opened instead of the workspace's folder: the path of a .code-workspace file. */
  open?: string;
  /** The folder of another extension, in place of ours. */
  extension?: string | undefined;
  /** The folder of an extension beside it. */
  beside?: string | undefined;
}

/** A VS Code with the extension, shown on a workspace in a browser of its own. */
export interface Session {
  workbench: Workbench;
  close(): Promise<void>;
}

/** What a user would not miss, and what would get in the way of a test. */
export const QUIET: Settings = {
  "workbench.colorTheme": "Default Light Modern",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "editor.minimap.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "workbench.hover.delay": 60_000,
  "editor.hover.enabled": "off",
  "files.autoSave": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

export async function openSession(workspace: Workspace, options: SessionOptions): Promise<Session> {
  const server = await startServer({
    settings: { ...QUIET, ...options.userSettings },
    trust: options.trust === true,
    install: [options.extension ?? ROOT, ...(options.beside === undefined ? [] : [options.beside])],
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
  };
  try {
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    keepLog(page, options.name);
    await page.goto(workbenchUrl(server, options.open ?? workspace.folder));
    const workbench = new Workbench(page);
    await workbench.ready();
    if (options.extension === undefined) await workbench.extended();
    return { workbench, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function keepLog(page: Page, name: string): void {
  mkdirSync(OUTPUT, { recursive: true });
  const file = join(OUTPUT, `ui-${name}.log`);
  writeFileSync(file, "");
  page.on("console", (message) => appendFileSync(file, `${message.type()} ${message.text()}\n`));
}
