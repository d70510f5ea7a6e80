import type { HostEvent, Outcome } from "../model/hostProtocol.ts";

/** Called by the host process in the thread of a run. */
export interface ThreadFunctions {
  abort(): void;
}

/** Called by the thread of a run in the host process. */
export interface ThreadEvents {
  event(event: HostEvent): void;
  /** The agent called process.exit(code); nothing follows. */
  exiting(code: number): void;
  /** The last call; the thread may be terminated after it. */
  done(outcome: Outcome): void;
}
