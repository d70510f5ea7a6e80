import * as z from "zod";
import { UserError } from "../../model/userError.ts";

/** The type of the debugger that comes with VS Code. */
export const NODE_DEBUGGER = "pwa-node";

const Debuggers = z.object({ contributes: z.object({ debuggers: z.array(z.object({ type: z.string() })) }) });

/** Throws a UserError where none of the extensions is VS Code's debugger for Node. */
export function refuseWithoutDebugger(extensions: readonly { packageJSON: unknown }[]): void {
  const there = extensions.some(({ packageJSON }) => {
    const declared = Debuggers.safeParse(packageJSON);
    return declared.success && declared.data.contributes.debuggers.some(({ type }) => type === NODE_DEBUGGER);
  });
  if (there) return;
  throw new UserError(
    "There is no debugger for Node.js in this VS Code: enable its built-in extension JavaScript Debugger (ms-vscode.js-debug), or choose Run Task….",
  );
}
