const PATIENCE_MS = 5_000;

/** Waits for something to close, which does not always where its server is gone: then it is left to itself. @param ms null for as long as it takes */
export async function patiently(closing: Promise<unknown>, ms: number | null = PATIENCE_MS): Promise<void> {
  const closed = closing.then(
    () => undefined,
    () => undefined,
  );
  if (ms === null) return closed;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
