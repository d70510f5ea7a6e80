/**
 * Finds by halving which classes have to go so that the others are not broken. It takes about twice the binary logarithm
 * of their number in checks for each one found.
 * @param classes all together they are broken
 * @param isBroken whether these alone are; more classes never mend what fewer break
 */
export async function culprits<T>(
  classes: readonly T[],
  isBroken: (classes: readonly T[]) => Promise<boolean>,
): Promise<T[]> {
  return await search([], classes, isBroken);
}

/** @param sound not broken, but broken together with the suspects */
async function search<T>(
  sound: readonly T[],
  suspects: readonly T[],
  isBroken: (classes: readonly T[]) => Promise<boolean>,
): Promise<T[]> {
  if (suspects.length <= 1) return [...suspects];
  const middle = Math.ceil(suspects.length / 2);
  const first = suspects.slice(0, middle);
  const second = suspects.slice(middle);
  if (!(await isBroken([...sound, ...first]))) return await search([...sound, ...first], second, isBroken);
  const found = await search(sound, first, isBroken);
  const kept = [...sound, ...first.filter((candidate) => !found.includes(candidate))];
  return (await isBroken([...kept, ...second]))
    ? [...found, ...(await search(kept, second, isBroken))]
    : found;
}
