const PATIENCE_MS = 5_000;

/** Waits for something to close, which does not always where its server is gone: then it is left to itself. */
export async function patiently(closing: Promise<unknown>): Promise<void> {
  const closed = closing.then(
    () => undefined,
    () => undefined,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
