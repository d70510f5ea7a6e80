/** Where what is told of one execution of a run stands; jobs have the same name, without the group. */
export const RUNS = "runs";
export const CONTROL = "control";

/** A run may be executed several times, where known solutions are tried. @param execution from 1 */
export const jobId = (runId: string, execution: number): string => `${runId}.${execution}`;
export const logOf = (job: string): string => `${RUNS}/${job}`;
export const controlOf = (job: string): string => `${CONTROL}/${job}`;
export const jobOf = (log: string): string => log.slice(log.indexOf("/") + 1);
