/** The claim of whoever is the first to claim a log. */
export const UNCLAIMED = 0;

/**
 * Logs that many processes on many machines share: lines that are only ever added, by name, in order. One process at a
 * time writes a log that is claimed. A log is gone a day after it was closed, and thirty days after it was last claimed or added to
 * where nobody closes it. Names and lines have no U+0000. Every call waits while the server is away, for a minute at most, and rejects with a
 * UserError then. A call whose answer was lost is made again and takes effect once.
 */
export interface SharedLogs {
  /**
   * Takes a log over: whoever claimed it before can add no more.
   * @returns the claim, greater than all before, from 1
   */
  claim(name: string): Promise<number>;
  /**
   * Adds lines, all or none.
   * Where it rejects, they may have been added all the same, but never twice.
   * @param claim of the writer; `UNCLAIMED` where nobody has claimed it: with these lines it is, as 1; null where several may write,
   * whoever has claimed it
   * @param closes after these lines nothing is ever added again, whoever claims
   * @returns false, where another one has claimed the log since or it is closed
   */
  append(
    name: string,
    claim: number | null,
    lines: readonly string[],
    options?: { closes?: boolean },
  ): Promise<boolean>;
  /**
   * The lines of each log from a position on (0 is the first line), as many as 8 MiB hold: whoever is given some asks again. Logs
   * without such lines are left out.
   */
  read(from: ReadonlyMap<string, number>): Promise<Map<string, string[]>>;
  remove(names: readonly string[]): Promise<void>;
  /**
   * Hears the names of logs of a group (what their names have before the first "/") that were added to. It is a hint: while the
   * connection is gone some are missed, and `onGap` tells that this may have been.
   * @returns ends it
   */
  watch(group: string, onGrown: (name: string) => void, onGap: () => void): Promise<() => Promise<void>>;
}
