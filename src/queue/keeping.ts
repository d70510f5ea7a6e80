const DAY_MS = 24 * 60 * 60_000;

/** Logs that are closed are gone after this. */
export const CLOSED_LASTS_MS = DAY_MS;
/** Logs that nobody closes are gone so long after they were claimed or added to. */
export const UNUSED_LASTS_MS = 30 * DAY_MS;
/** How long a server remembers which write it got last; longer than any is tried. */
export const WRITES_LAST_MS = 10 * 60_000;
/** What one answer with lines holds. */
export const MOST_READ_BYTES = 8 * 1024 * 1024;
/** What a line counts beside its text, so that many empty ones are not for nothing. */
export const LINE_BYTES = 16;
