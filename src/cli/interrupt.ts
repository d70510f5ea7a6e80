import type { Output } from "./output.ts";

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const LEAVING = "Leaving: what is in the queue goes on there, and runs resume with --queue follows it again.";

export interface Interrupt {
  /** The exit code where a signal came; null while none did. */
  readonly code: number | null;
  /** A signal came that only ends this process, and not what goes on elsewhere. */
  readonly isLeft: boolean;
  dispose(): void;
}

/**
 * The first signal stops what is under way, the second ends this process at once.
 * @param leave for what goes on in a queue without this process: called in place of `stop` where that is told to end, or its
 * terminal is gone, and nobody has pressed Ctrl+C
 */
export function onInterrupt(
  stop: () => void,
  sentence: string,
  output: Output,
  leave?: () => void,
): Interrupt {
  let code: number | null = null;
  let isLeft = false;
  const listeners = Object.entries(SIGNALS).map(([signal, signalCode]) => {
    const listener = () => {
      if (code !== null || isLeft) process.exit(signalCode);
      const leaves = leave !== undefined && signal !== "SIGINT";
      if (leaves) isLeft = true;
      else code = signalCode;
      output.note(`${leaves ? LEAVING : sentence} Once more to leave at once.`);
      (leaves ? leave : stop)();
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return {
    get code() {
      return code;
    },
    get isLeft() {
      return isLeft;
    },
    dispose: () => {
      for (const off of listeners) off();
    },
  };
}
