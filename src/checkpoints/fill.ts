import type { Pace } from "./jobs.ts";
import type { CheckpointLists } from "./view/lists.ts";

/** Then ever more rarely: who is told asks again for all of it. */
const tellFirstMs = 400;

/** Reads what names do not tell, from the indexes and then from files that these do not know. */
export async function fill(lists: CheckpointLists, pace: Pace, learned: () => void): Promise<void> {
  let told = performance.now();
  let tellAfterMs = tellFirstMs;
  const tell = () => {
    lists.learned();
    learned();
    told = performance.now();
    tellAfterMs *= 2;
  };
  if (lists.scan() && lists.pending) tell();
  for (const listing of lists.listings)
    for (const agent of listing.agents) {
      let next = 0;
      while (agent.pending) {
        next = agent.readOn(next);
        await pace.step();
        if (performance.now() - told > tellAfterMs) tell();
      }
    }
  tell();
}
