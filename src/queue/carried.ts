/** Larger checkpoints and memory stay on the machine where they are. */
export const carriedMebibytes = 64;

export const isCarried = (bytes: number): boolean => bytes <= carriedMebibytes * 2 ** 20;
