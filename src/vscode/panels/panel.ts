import * as vscode from "vscode";
import { createBirpc, type BirpcReturn } from "birpc";
import type { PanelHost, PanelPage, PanelState } from "../../model/panelProtocol.ts";
import { inBackground, showFailure, type Log } from "../answers.ts";
import type { PanelType } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { pageOf } from "./page.ts";

/** What tells one panel from another. */
export interface PanelKind<Row, Host extends PanelHost<Row>> {
  type: PanelType;
  title: string;
  /** The bundle in dist/webview, without extension. */
  script: string;
  read(): Promise<PanelState<Row>>;
  /** Begins, while the page still loads, what it will ask for first. */
  prepare?(): Promise<unknown>;
  /** What the page may ask for; parses what it is given. */
  functions: Omit<Host, "state">;
}

interface Open<Row> {
  panel: vscode.WebviewPanel;
  page: BirpcReturn<PanelPage<Row>>;
  owned: Disposables;
  /** The page is there: it has asked for the state. */
  asked: boolean;
}

/** A panel that exists at most once, is restored after a reload, and shows what `read` finds. */
export class Panel<Row, Host extends PanelHost<Row>, Page extends PanelPage<Row> = PanelPage<Row>>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  readonly #kind: PanelKind<Row, Host>;
  readonly #extension: vscode.Uri;
  readonly #log: Log;
  readonly #registered: vscode.Disposable;
  #open: Open<Row> | null = null;
  /** How the user asked to see it, until the page has been told. */
  #view: object | null = null;

  constructor(kind: PanelKind<Row, Host>, extension: vscode.Uri, log: Log) {
    this.#kind = kind;
    this.#extension = extension;
    this.#log = log;
    this.#registered = vscode.window.registerWebviewPanelSerializer(kind.type, this);
  }

  /** @param view what to show of it; without, it stays as it was left */
  show(view: object | null = null): void {
    const { type, title } = this.#kind;
    this.#view = view;
    if (this.#open !== null) {
      // A page that is hidden or still loads asks for itself.
      if (view !== null && this.#open.asked) this.refresh();
      this.#open.panel.reveal();
    } else
      this.#adopt(vscode.window.createWebviewPanel(type, title, vscode.ViewColumn.Active, this.#options));
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = this.#options;
    this.#adopt(panel);
    return Promise.resolve();
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** What is on disk has changed. A hidden panel asks for itself when it comes back. */
  refresh(): void {
    const open = this.#open;
    if (!open?.panel.visible) return;
    inBackground(
      this.#log,
      this.#state().then((state) => (this.#open === open ? open.page.show.asEvent(state) : undefined)),
    );
  }

  /** The page with all that it takes, while it is in sight. */
  get page(): BirpcReturn<Page> | null {
    return this.#open?.panel.visible === true ? (this.#open.page as unknown as BirpcReturn<Page>) : null;
  }

  dispose(): void {
    this.#registered.dispose();
    this.#open?.panel.dispose();
  }

  get #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extension, "dist", "webview")],
    };
  }

  async #state(): Promise<PanelState<Row>> {
    const view = this.#view;
    this.#view = null;
    const state = await this.#kind.read();
    return view === null ? state : { ...state, view };
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#open?.panel.dispose();
    const icon = (theme: string) => vscode.Uri.joinPath(this.#extension, "media", `agents-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    const owned = new Disposables();
    const { webview } = panel;
    const state = () => {
      if (this.#open?.panel === panel) this.#open.asked = true;
      return this.#state();
    };
    const functions = { state, ...this.#kind.functions };
    const page = createBirpc<PanelPage<Row>>(answering(functions, this.#log), {
      post: (message: unknown) => webview.postMessage(message),
      on: (listener) => void owned.add(webview.onDidReceiveMessage(listener)),
      timeout: -1,
    });
    this.#open = { panel, page, owned, asked: false };
    // What fails here fails again where the page asks.
    void this.#kind.prepare?.().catch(() => undefined);
    panel.onDidDispose(() => {
      owned.dispose();
      page.$close();
      if (this.#open?.panel === panel) this.#open = null;
    });
    webview.html = pageOf(webview, this.#extension, this.#kind);
  }
}

/** Only these names can be called (no inherited ones), and the user sees what fails. */
function answering(functions: object, log: Log): Record<string, unknown> {
  const answers = Object.create(null) as Record<string, unknown>;
  for (const [name, run] of Object.entries(functions) as [
    string,
    (...args: unknown[]) => Promise<unknown>,
  ][]) {
    answers[name] = async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        void showFailure(error, log);
        throw error;
      }
    };
  }
  return answers;
}
