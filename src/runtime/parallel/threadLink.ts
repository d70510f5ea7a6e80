import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { fromPlainThrown } from "./plainThrown.ts";
import type { FromThread, ToThread } from "./threadProtocol.ts";

const nativeAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted");

/** A thread's end of the line to its executor: tells what happens, and hears of aborts, also in code that blocks the thread. */
export class ThreadLink {
  readonly #port: MessagePort;
  readonly #mail: Int32Array;
  #seen = 0;
  #current: { run: number; controller: AbortController } | null = null;

  constructor(port: MessagePort, mail: Int32Array) {
    this.#port = port;
    this.#mail = mail;
    port.on("message", (message: ToThread) => this.#receive(message));
    port.unref();
  }

  /** Begins a run; the signal of its aborts. */
  begin(run: number): AbortSignal {
    const controller = new AbortController();
    this.#current = { run, controller };
    const { signal } = controller;
    const aborted = (): boolean => {
      this.#look();
      return nativeAborted?.get?.call(signal) as boolean;
    };
    return Object.defineProperties(signal, {
      aborted: { configurable: true, get: aborted },
      throwIfAborted: {
        configurable: true,
        value: () => {
          if (aborted()) throw signal.reason;
        },
      },
    });
  }

  /** Ends the run. */
  end(): void {
    this.#current = null;
  }

  /** Tells the executor. */
  post(message: FromThread): void {
    this.#port.postMessage(message, message.type === "question" ? [message.port] : []);
  }

  /** Code that never yields sees no event of the port, but may ask whether it was aborted. */
  #look(): void {
    const arrived = Atomics.load(this.#mail, 0);
    if (arrived === this.#seen) return;
    this.#seen = arrived;
    for (let mail; (mail = receiveMessageOnPort(this.#port)) !== undefined;)
      this.#receive(mail.message as ToThread);
  }

  #receive({ run, reason }: ToThread): void {
    if (this.#current?.run === run) this.#current.controller.abort(fromPlainThrown(reason));
  }
}
