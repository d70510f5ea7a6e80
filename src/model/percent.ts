/** "40 %"; "" where nothing is known. */
export const percent = (fraction: number | undefined): string =>
  fraction === undefined ? "" : `${Math.round(fraction * 100)} %`;
