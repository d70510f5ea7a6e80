import type { HostEvent, HostRequest, Outcome } from "../model/hostProtocol.ts";
import type { Answer } from "../model/runRecord.ts";

/** Called by the host process in the thread of a run. */
export interface ThreadFunctions {
  /** The first call, and the only one of its kind. */
  begin(request: HostRequest): void;
  abort(): void;
  /** To the open question; answers false where there is none. */
  answer(answer: Answer): boolean;
}

/** Called by the thread of a run in the host process. */
export interface ThreadEvents {
  event(event: HostEvent): void;
  /** The agent begins or ends to wait for a person. */
  waiting(waits: boolean): void;
  /** The agent called process.exit(code); nothing follows. */
  exiting(code: number): void;
  /** The last call; the thread may be terminated after it. */
  done(outcome: Outcome): void;
}
