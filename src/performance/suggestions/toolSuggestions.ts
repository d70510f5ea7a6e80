import type { Suggestion } from "../../model/performance.ts";
import { durationText, percentText } from "../../model/figureText.ts";
import { ENOUGH_RUNS, nameOf, type Suggest } from "./basis.ts";

const MOST_OF_AGENT = 0.5;
const LONG_MS = 100;
const LEAST_FAILURES = 5;
const OFTEN = 0.2;

/** A tool takes most of an agent's time. */
export const toolDominates: Suggest = ({ tools, agents }) =>
  tools.flatMap(({ name, calls, meanMs, heaviest }): Suggestion[] => {
    if (heaviest === null || heaviest.share < MOST_OF_AGENT || calls < ENOUGH_RUNS || meanMs < LONG_MS)
      return [];
    const { agent, share } = heaviest;
    const runs = agents.find((each) => each.agent === agent)?.runs ?? 0;
    if (runs < ENOUGH_RUNS) return [];
    return [
      {
        kind: "toolDominates",
        title: `Make ${name} faster`,
        text: `${name} took ${percentText(share)} of the time of ${nameOf(agent)}: ${durationText(meanMs)} a call on average, in ${calls} calls. Calling it less often, several calls at once or a cache speed up the agent more than anything else.`,
        figures: { share, meanMs, calls, runs },
        agent,
      },
    ];
  });

/** A tool fails often. */
export const toolFails: Suggest = ({ tools }) =>
  tools
    .filter(
      ({ calls, failures, errorRate }) =>
        calls >= ENOUGH_RUNS && failures >= LEAST_FAILURES && errorRate >= OFTEN,
    )
    .map(({ name, calls, failures, errorRate, agents }) => ({
      kind: "toolFails",
      title: `${name} fails often`,
      text: `${failures} of ${calls} calls of ${name} failed (${percentText(errorRate)}), by ${agents.map(nameOf).join(", ")}.`,
      figures: { calls, failures, errorRate },
      agent: agents.length === 1 ? (agents[0] ?? null) : null,
    }));
