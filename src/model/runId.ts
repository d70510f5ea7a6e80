/** What tells runs apart: ids begin with the time, so their ends differ. */
export const shortId = (runId: string): string => runId.slice(-8);
