import * as vscode from "vscode";
import * as z from "zod";
import { UserError } from "../../model/userError.ts";
import { Disposables } from "../disposables.ts";
import { NODE_DEBUGGER } from "./nodeDebugger.ts";

const ATTACH_MS = 30_000;

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

/** What becomes of a debugger, before it lets go of the process: a thread that waits at a breakpoint would go on otherwise. */
interface Listener {
  /** The user stopped it, or it ended with its process. */
  onEnd: () => void;
  /** The user wants all of it once more. */
  onRestart: () => void;
}

/** Attaches VS Code's debugger to a process, and resolves once its breakpoints are set there. Rejects with a UserError where that fails. */
export async function attachDebugger(debuggee: Debuggee, listener: Listener): Promise<void> {
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
        listener.onEnd();
      }),
    );
    const timer = setTimeout(() => resolve(false), ATTACH_MS);
    owned.add({ dispose: () => clearTimeout(timer) });
  });
  owned.add(onUserStop(isOurs, listener));
  const started = await vscode.debug.startDebugging(debuggee.folder, configurationOf(debuggee), {
    suppressSaveBeforeStart: true,
  });
  if (started && (await attached)) return;
  owned.dispose();
  throw new UserError(
    "The debugger could not be attached to the agent, so it was not run: try again, or choose Run Task….",
  );
}

function onUserStop(
  isOurs: (session: vscode.DebugSession) => boolean,
  { onEnd, onRestart }: Listener,
): vscode.Disposable {
  const createDebugAdapterTracker = (
    session: vscode.DebugSession,
  ): vscode.DebugAdapterTracker | undefined => {
    if (!isOurs(session)) return undefined;
    let ended = false;
    return {
      onWillReceiveMessage(sent: unknown) {
        const { command } = Message.parse(sent);
        if (ended) return;
        if (command === "disconnect" || command === "terminate") onEnd();
        if (command !== "restart") return;
        onRestart();
        // It would attach to the same process again.
        void vscode.debug.stopDebugging(session);
      },
      onDidSendMessage(sent: unknown) {
        if (Message.parse(sent).event === "terminated") ended = true;
      },
    };
  };
  return vscode.debug.registerDebugAdapterTrackerFactory(NODE_DEBUGGER, { createDebugAdapterTracker });
}

function configurationOf({ name, inspector, skip }: Debuggee): vscode.DebugConfiguration {
  const skipped = skip.map((folder) => `${folder.replaceAll("\\", "/")}/**`);
  return {
    type: NODE_DEBUGGER,
    request: "attach",
    name,
    websocketAddress: inspector,
    skipFiles: ["<node_internals>/**", ...skipped, "**/opsvi-agents/core.*"],
    // The loader hands over its source maps along with the code: there is no output to look through for them.
    outFiles: [],
    resolveSourceMapLocations: ["**", "!**/node_modules/**", ...skipped.map((pattern) => `!${pattern}`)],
  };
}
