import { afterAll, afterEach, beforeAll } from "vitest";
import type { Settings } from "../vscode/server.ts";
import { openSession, type Session } from "./session.ts";
import type { Workbench } from "./workbench/workbench.ts";
import { Workspace } from "./workspace.ts";

export interface Fixture {
  readonly workbench: Workbench;
  readonly workspace: Workspace;
}

interface Options {
  /** True: the workspace counts as untrusted until the user says otherwise. */
  trust?: boolean;
  /** Settings of the workspace. */
  settings?: Settings;
  /** Settings of the user. */
  userSettings?: Settings;
  /** What the workspace holds instead of examples/, by path. */
  files?: Record<string, string>;
  /** Writes further folders, and answers with the .code-workspace file that is opened. */
  prepare?: (workspace: Workspace) => Promise<string>;
  /** Builds an extension that stands beside ours, and answers with its folder. */
  beside?: () => Promise<string>;
}

/** One VS Code for the tests of a file, on files of its own or a copy of examples/; a failed test leaves a screenshot. */
export function useVSCode(name: string, options: Options = {}): Fixture {
  let workspace: Workspace | undefined;
  let session: Session | undefined;

  // The first time VS Code's server build and Chromium are installed here.
  beforeAll(async () => {
    const { files } = options;
    workspace = await (files === undefined ? Workspace.ofExamples() : Workspace.ofFiles(files));
    if (options.settings !== undefined)
      await workspace.write(".vscode/settings.json", JSON.stringify(options.settings));
    const open = await options.prepare?.(workspace);
    session = await openSession(workspace, {
      name,
      trust: options.trust === true,
      userSettings: options.userSettings,
      ...(open !== undefined && { open }),
      beside: await options.beside?.(),
    });
  }, 900_000);
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session?.workbench.screenshot(`failed ${name} ${task.name}`.replaceAll(/\W+/g, "-"));
    // What it left open is no failure of the tests after it.
    await session?.workbench.dismiss();
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
  };
}

/** The line of a text, counted from 1, that holds a part. */
export function lineOf(text: string, part: string): number {
  return text.split(/\r?\n/).findIndex((line) => line.includes(part)) + 1;
}
