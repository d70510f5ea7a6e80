import * as vscode from "vscode";
import * as z from "zod";
import { UserError } from "../../model/userError.ts";
import { Disposables } from "../disposables.ts";

/** The type of the debugger that comes with VS Code. */
const NODE = "pwa-node";
const ATTACH_MS = 30_000;

const Debuggers = z.object({ contributes: z.object({ debuggers: z.array(z.object({ type: z.string() })) }) });
const Message = z.object({ type: z.string(), command: z.string().optional(), event: z.string().optional() });

interface Debuggee {
  folder: vscode.WorkspaceFolder;
  /** Shown in the list of sessions. */
  name: string;
  /** The address of its inspector. */
  inspector: string;
  /** Folders whose code nobody steps through. */
  skip: readonly string[];
}

/** Throws a UserError where VS Code has no debugger for Node. */
export function refuseWithoutDebugger(): void {
  const there = vscode.extensions.all.some(({ packageJSON }) => {
    const declared = Debuggers.safeParse(packageJSON);
    return declared.success && declared.data.contributes.debuggers.some(({ type }) => type === NODE);
  });
  if (there) return;
  throw new UserError(
    "There is no debugger for Node.js in this VS Code: enable its built-in extension JavaScript Debugger (ms-vscode.js-debug), or choose Run Task….",
  );
}

/**
 * Attaches VS Code's debugger to a process, and resolves once its breakpoints are set there. Rejects with a UserError where that fails.
 * @param onEnd called when the user stops the debugger, and when it ends with its process
 */
export async function attachDebugger(debuggee: Debuggee, onEnd: () => void): Promise<void> {
  const owned = new Disposables();
  // The debugger adds a session for the process and for each of its threads below the one that is started here.
  const isOurs = ({ configuration, parentSession }: vscode.DebugSession) =>
    parentSession === undefined && configuration["websocketAddress"] === debuggee.inspector;
  const { onDidStartDebugSession, onDidTerminateDebugSession } = vscode.debug;
  const attached = new Promise<boolean>((resolve) => {
    owned.add(
      onDidStartDebugSession(({ parentSession }) => {
        if (parentSession !== undefined && isOurs(parentSession)) resolve(true);
      }),
    );
    owned.add(
      onDidTerminateDebugSession((session) => {
        if (!isOurs(session)) return;
        resolve(false);
        owned.dispose();
        onEnd();
      }),
    );
    const timer = setTimeout(() => resolve(false), ATTACH_MS);
    owned.add({ dispose: () => clearTimeout(timer) });
  });
  owned.add(onUserStop(isOurs, onEnd));
  const started = await vscode.debug.startDebugging(debuggee.folder, configurationOf(debuggee), {
    suppressSaveBeforeStart: true,
  });
  if (started && (await attached)) return;
  owned.dispose();
  throw new UserError(
    "The debugger could not be attached to the agent, so it was not run: try again, or choose Run Task….",
  );
}

/** Before the debugger lets go of the process: a thread that waits at a breakpoint would go on otherwise. */
function onUserStop(
  isOurs: (session: vscode.DebugSession) => boolean,
  onStop: () => void,
): vscode.Disposable {
  const createDebugAdapterTracker = (
    session: vscode.DebugSession,
  ): vscode.DebugAdapterTracker | undefined => {
    if (!isOurs(session)) return undefined;
    let ended = false;
    return {
      onWillReceiveMessage(sent: unknown) {
        const { command } = Message.parse(sent);
        if (!ended && (command === "disconnect" || command === "terminate")) onStop();
      },
      onDidSendMessage(sent: unknown) {
        if (Message.parse(sent).event === "terminated") ended = true;
      },
    };
  };
  return vscode.debug.registerDebugAdapterTrackerFactory(NODE, { createDebugAdapterTracker });
}

function configurationOf({ name, inspector, skip }: Debuggee): vscode.DebugConfiguration {
  const skipped = skip.map((folder) => `${folder.replaceAll("\\", "/")}/**`);
  return {
    type: NODE,
    request: "attach",
    name,
    websocketAddress: inspector,
    skipFiles: ["<node_internals>/**", ...skipped, "**/opsvi-agents/core.*"],
    // The loader hands over its source maps along with the code: there is no output to look through for them.
    outFiles: [],
    resolveSourceMapLocations: ["**", "!**/node_modules/**", ...skipped.map((pattern) => `!${pattern}`)],
  };
}
