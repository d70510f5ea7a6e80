const PATIENCE_MS = 5_000;

/**
 * Waits for something to close, which does not always where its server is gone: then it is left to itself.
 * @returns whether it has closed
 */
export async function patiently(closing: Promise<unknown>): Promise<boolean> {
  const closed = closing.then(
    () => true,
    () => true,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([closed, late]);
  } finally {
    clearTimeout(timer);
  }
}
