import type { Output } from "./output.ts";

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface Interrupt {
  /** The exit code where a signal came; null while none did. */
  readonly code: number | null;
  dispose(): void;
}

/** The first signal stops what is under way, the second ends this process at once. */
export function onInterrupt(stop: () => void, sentence: string, output: Output): Interrupt {
  let code: number | null = null;
  const listeners = Object.entries(SIGNALS).map(([signal, signalCode]) => {
    const listener = () => {
      if (code !== null) process.exit(signalCode);
      code = signalCode;
      output.note(`${sentence} Once more to leave at once.`);
      stop();
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return {
    get code() {
      return code;
    },
    dispose: () => {
      for (const off of listeners) off();
    },
  };
}
