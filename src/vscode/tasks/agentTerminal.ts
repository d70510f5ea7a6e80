import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { exitCodeOf } from "../../runs/exitCode.ts";
import type { Run } from "../../runs/runService.ts";
import { sentenceFor, type Log } from "../answers.ts";
import { askUser } from "../runs/questions.ts";
import { terminalText } from "./terminalText.ts";

/** A run that is about to start; `begin` answers with nothing where the user gave up. */
export interface Beginning {
  run: Run;
  /** Of the agent's class. */
  name: string;
  /** Absolute path of the workspace folder. */
  root: string;
}

const WRONG_USE = 2;
const CANCELLED = 130;
const CTRL_C = "\x03";
const ENTER = "\r";

/** The terminal of a task: shows the run, and cancels it when it is closed. The exit code is that of the command line. */
export class AgentTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#written.event;
  readonly #ended = new vscode.EventEmitter<number>();
  readonly onDidClose = this.#ended.event;
  readonly #begin: (signal: AbortSignal) => Promise<Beginning | undefined>;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #begun: Beginning | undefined;

  constructor(begin: (signal: AbortSignal) => Promise<Beginning | undefined>, log: Log) {
    this.#begin = begin;
    this.#log = log;
  }

  open(): void {
    void this.#show().then((code) => this.#ended.fire(code));
  }

  /** The user closed the terminal or terminated the task. */
  close(): void {
    this.#stopping.abort();
  }

  handleInput(data: string): void {
    if (data === CTRL_C) this.#stopping.abort();
    if (data === ENTER) void this.#answer();
  }

  /** A question is answered in a box: what is typed in a terminal would be seen, also where it is secret. */
  async #answer(): Promise<void> {
    const { run, name } = this.#begun ?? {};
    if (run?.question == null || name === undefined) return;
    const { question, askedAt } = run.question;
    try {
      const given = await askUser(displayName(name), question);
      if (given !== undefined) await run.answer(given, askedAt);
    } catch (error) {
      this.#line(sentenceFor(error, this.#log));
    }
  }

  async #show(): Promise<number> {
    try {
      const begun = await this.#begin(this.#stopping.signal);
      if (begun === undefined) return CANCELLED;
      this.#begun = begun;
      const { run, root } = begun;
      run.onEvent((event) => {
        const text = terminalText(event, root);
        if (text !== null) this.#line(text);
      });
      const cancel = () => void run.cancel();
      if (this.#stopping.signal.aborted) cancel();
      else this.#stopping.signal.addEventListener("abort", cancel);
      return exitCodeOf(await run.finished);
    } catch (error) {
      this.#line(sentenceFor(error, this.#log));
      return WRONG_USE;
    }
  }

  #line(text: string): void {
    this.#written.fire(`${text.replace(/\r?\n/g, "\r\n")}\r\n`);
  }
}
