/** Set by VS Code in processes that it starts itself, where NODE_OPTIONS is its own (debugger bootstrap) and not the user's. */
const INSIDE_VSCODE = ["VSCODE_PID", "VSCODE_IPC_HOOK", "VSCODE_ESM_ENTRYPOINT", "VSCODE_INSPECTOR_OPTIONS"];

/** Names that mean something to VS Code or to this process and would mislead an agent. */
const PRIVATE = /^(ELECTRON_|VSCODE_|NODE_CHANNEL_|FORCE_COLOR$|NO_COLOR$)/i;

/** The environment of the agent host: the user's, without what belongs to VS Code, and without colour codes in logs. */
export function hostEnvironment(env: NodeJS.ProcessEnv, extra: Record<string, string>): NodeJS.ProcessEnv {
  const own = INSIDE_VSCODE.some((name) => env[name] !== undefined);
  const kept = Object.entries(env).filter(
    ([name]) => !PRIVATE.test(name) && !(own && name === "NODE_OPTIONS"),
  );
  return { ...Object.fromEntries(kept), FORCE_COLOR: "0", ...extra };
}
