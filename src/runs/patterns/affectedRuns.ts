import type { PatternRun, SourceLine } from "../../model/patterns.ts";
import { placesIn } from "../../patterns/stackPlaces.ts";
import type { PatternGroup } from "../../runtime/patterns/groups.ts";
import { talliesOf } from "../../runtime/patterns/tallies.ts";
import { readEnds, readSummary } from "../history/listRuns.ts";

/** The last runs that failed with an error of a group and are still recorded, the newest first. */
export async function runsOf(root: string, group: PatternGroup): Promise<PatternRun[]> {
  const summaries = idsOf(group).map((id) => readSummary(root, id).catch(() => null));
  return (await Promise.all(summaries)).flatMap((summary) => {
    if (summary === null) return [];
    const { runId, agent, state, endedAt, queuedAt } = summary;
    return [{ runId, agent: agent.name, state, time: endedAt ?? queuedAt }];
  });
}

/** Places stand in the stacks of the runs that failed. */
export async function placesOf(root: string, group: PatternGroup): Promise<Map<string, SourceLine>> {
  const records = await Promise.all(idsOf(group).map((id) => readEnds(root, id).catch(() => [])));
  const stacks = records.flat().flatMap((event) => {
    const error = event.type === "finished" || event.type === "retry" ? event.error : undefined;
    return error?.stack === undefined ? [] : [error.stack];
  });
  return placesIn(root, stacks);
}

/** A file may hold anything in place of ids. */
const idsOf = ({ pattern }: PatternGroup): string[] =>
  talliesOf(pattern)
    .runs.filter((id) => /^[\w-]{1,100}$/.test(id))
    .reverse();
