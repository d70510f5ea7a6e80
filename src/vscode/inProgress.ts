import * as vscode from "vscode";

/** How work that takes its time is shown and cancelled. */
export interface Watch {
  signal: AbortSignal;
  /** The same, as VS Code's questions take it. */
  token: vscode.CancellationToken;
  tell: (message: string) => void;
}

const SLOW_MS = 500;

/** A notification with progress and Cancel, where it takes longer than users hardly notice. */
export async function inProgressWhenSlow<T>(
  title: string,
  act: (signal: AbortSignal, tell: Watch["tell"]) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let tell: Watch["tell"] = () => undefined;
  const acting = act(abort.signal, (message) => tell(message));
  const soon = new Promise<"slow">((resolve) => setTimeout(() => resolve("slow"), SLOW_MS));
  const first = await Promise.race([acting.then((value) => ({ value })), soon]);
  if (first !== "slow") return first.value;
  return inProgress(title, (watch) => {
    ({ tell } = watch);
    watch.signal.addEventListener("abort", () => abort.abort());
    return acting;
  });
}

/** A notification with progress and Cancel. */
export async function inProgress<T>(title: string, act: (watch: Watch) => Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      progress.report({ message: "cancelling…" });
      abort.abort();
    });
    const tell = (message: string) => {
      if (!abort.signal.aborted) progress.report({ message });
    };
    return act({ signal: abort.signal, token, tell });
  });
}
