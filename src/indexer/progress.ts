export type OnProgress = (done: number, total: number) => void;

const PROGRESS_MS = 100;

/** Tells at most ten times a second. */
export function throttled(onProgress: OnProgress): OnProgress {
  let last = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    onProgress(done, total);
  };
}
