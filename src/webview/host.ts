import { createBirpc, type BirpcReturn } from "birpc";

interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();

/** The extension, as the page sees it. */
export function connect<Host extends object, Page extends object>(page: Page): BirpcReturn<Host, Page> {
  return createBirpc<Host, Page>(page, {
    post: (message: unknown) => vscode.postMessage(message),
    on: (listener) => window.addEventListener("message", ({ data }: MessageEvent<unknown>) => listener(data)),
    timeout: -1,
  });
}

/** What survives hiding the panel and reloading the window. */
export function restore<T extends object>(initial: T): T {
  const saved = vscode.getState();
  return typeof saved === "object" && saved !== null ? { ...initial, ...saved } : initial;
}

export function keep(state: object): void {
  vscode.setState(state);
}
