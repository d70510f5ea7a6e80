import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
  type Transferable,
} from "node:worker_threads";
import { StoreError } from "../../runtime/storeError.ts";

/** What a thread is given to answer calls with. */
export interface AnsweringThread {
  port: MessagePort;
  /** Counts the answers, for whoever waits for one. */
  answered: Int32Array;
  data: unknown;
}

export interface BlockingCall {
  number: number;
  method: string;
  args: unknown[];
}

export type BlockingAnswer = { number: number } & ({ value: unknown } | { error: string });

/** Longer than a thread tries to reach a server. */
const WAIT_MS = 150_000;

/** Calls of a thread whose answers the caller waits for without giving its own thread away. */
export class BlockingCalls {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));
  #number = 0;

  /** @param file of the thread, which answers with `answerCalls` */
  constructor(file: string, data: unknown) {
    const { port1, port2 } = new MessageChannel();
    const workerData: AnsweringThread = { port: port2, answered: this.#answered, data };
    this.#port = port1;
    this.#worker = new Worker(file, { workerData, transferList: [port2], execArgv: [] });
    // What is wrong with it is told by the calls.
    this.#worker.on("error", () => undefined);
    this.#worker.unref();
    port1.unref();
  }

  /** Throws a StoreError with the sentence that the thread rejects with, or where it does not answer. */
  call(method: string, args: unknown[], transferred: readonly Transferable[] = []): unknown {
    const number = (this.#number += 1);
    const call: BlockingCall = { number, method, args };
    this.#port.postMessage(call, transferred);
    const answer = this.#answerTo(number);
    if ("error" in answer) throw new StoreError(answer.error);
    return answer.value;
  }

  close(): void {
    this.#port.close();
    void this.#worker.terminate();
  }

  #answerTo(number: number): BlockingAnswer {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const seen = Atomics.load(this.#answered, 0);
      const received = receiveMessageOnPort(this.#port) as { message: BlockingAnswer } | undefined;
      if (received?.message.number === number) return received.message;
      // One that came too late for whoever waited.
      if (received !== undefined) continue;
      if (Atomics.wait(this.#answered, 0, seen, Math.max(0, until - Date.now())) === "timed-out")
        return { number, error: "The thread of the shared store does not answer." };
    }
  }
}

/** In the thread: answers each call with what its method gives. */
export function answerCalls(
  { port, answered }: AnsweringThread,
  answer: (method: string, args: unknown[]) => Promise<unknown>,
): void {
  const tell = (told: BlockingAnswer) => {
    port.postMessage(told);
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  };
  port.on("message", ({ number, method, args }: BlockingCall) => {
    answer(method, args).then(
      (value) => tell({ number, value }),
      (error: unknown) => tell({ number, error: error instanceof Error ? error.message : String(error) }),
    );
  });
}
