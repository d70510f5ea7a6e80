import type { MessagePort } from "node:worker_threads";
import type { HostEvent, HostRequest, LiveState, Outcome } from "../model/hostProtocol.ts";
import type { Answer } from "../model/runRecord.ts";

/** What a thread is started with: to compile our own code takes longer than to run it, so that is done once in a process. */
export interface ThreadStart {
  /** The code as V8 compiled it in another thread; null before any has. */
  compiled: Uint8Array | null;
  /** Where it is to be put then. */
  compiledTo: MessagePort | null;
}

/** What a thread has loaded that can serve another run of the same code. */
export interface Loaded {
  /** Absolute paths of the user's own files. */
  files: string[];
  /** When the first of them began to be read, in ms since 1970. */
  since: number;
}

/** Called by the host process in the thread of a run. */
export interface ThreadFunctions {
  /** The first call, and the next after a `done` that said what is loaded. */
  begin(request: HostRequest): void;
  abort(): void;
  /** To the open question; answers false where there is none. */
  answer(answer: Answer): boolean;
  /** Null where there is no agent at work. */
  liveState(): LiveState | null;
}

/** Called by the thread of a run in the host process. */
export interface ThreadEvents {
  event(event: HostEvent): void;
  /** The agent begins or ends to wait for a person. */
  waiting(waits: boolean): void;
  /** The agent called process.exit(code); nothing follows. */
  exiting(code: number): void;
  /**
   * The last call of the run; the thread may be terminated after it, unless it tells what it has loaded.
   * @param last the last events, where they came right before
   */
  done(outcome: Outcome, loaded: Loaded | null, last: HostEvent[]): void;
}
