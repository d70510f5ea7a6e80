/** Which of so many sorted values it is, counted from 1, that a part of them does not exceed: the nearest rank. */
export const nearestRank = (share: number, count: number): number =>
  // 0.95 * 20 is a little more than 19 in binary fractions.
  Math.max(1, Math.ceil(Number((share * count).toFixed(6))));
