interface Situation {
  tasks: number;
  /** The setting. */
  most: number;
  /** What was chosen last; undefined where nothing was yet. */
  last: number | undefined;
}

/** How many runs at a time are offered. */
export const offered = ({ tasks, most, last = most }: Situation): number => Math.min(last, most, tasks);

/** What is offered from now on: a number that is small because the tasks are few replaces none. */
export const remembered = (chosen: number, situation: Situation): number | undefined =>
  chosen === offered(situation) ? situation.last : chosen;
