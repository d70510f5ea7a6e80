import { afterAll, afterEach, beforeAll } from "vitest";
import type { Settings } from "../vscode/server.ts";
import { openSession, type Session } from "./session.ts";
import type { Workbench } from "./workbench/workbench.ts";
import { Workspace } from "./workspace.ts";

export interface Fixture {
  readonly workbench: Workbench;
  readonly workspace: Workspace;
  /** Writes the settings of the workspace. */
  configure(settings: Settings): Promise<void>;
}

/** One VS Code for the tests of a file, on a copy of examples/; a failed test leaves a screenshot. */
export function useVSCode(name: string, options: { trust?: boolean } = {}): Fixture {
  let workspace: Workspace | undefined;
  let session: Session | undefined;

  // The first time VS Code's server build and Chromium are installed here.
  beforeAll(async () => {
    workspace = await Workspace.ofExamples();
    session = await openSession(workspace, { name, ...options });
  }, 900_000);
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session?.workbench.screenshot(`failed ${name} ${task.name}`.replaceAll(/\W+/g, "-"));
  });
  afterAll(async () => {
    await session?.close();
    await workspace?.dispose();
  });

  const opened = () => {
    if (session === undefined || workspace === undefined) throw new Error("VS Code is not open yet.");
    return { session, workspace };
  };
  return {
    get workbench() {
      return opened().session.workbench;
    },
    get workspace() {
      return opened().workspace;
    },
    configure: (settings) => opened().workspace.write(".vscode/settings.json", JSON.stringify(settings)),
  };
}

/** The line of a text, counted from 1, that holds a part. */
export function lineOf(text: string, part: string): number {
  return text.split(/\r?\n/).findIndex((line) => line.includes(part)) + 1;
}
