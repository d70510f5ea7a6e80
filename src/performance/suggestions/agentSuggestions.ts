import type { AgentPerformance, RunMeasure, Suggestion } from "../../model/performance.ts";
import { durationText, percentText } from "../../model/figureText.ts";
import { grouped } from "../grouped.ts";
import { timeoutError } from "../runFigures.ts";
import { ENOUGH_RUNS, nameOf, type Suggest } from "./basis.ts";

const known = (agents: readonly AgentPerformance[]) => agents.filter(({ runs }) => runs >= ENOUGH_RUNS);

/** With fewer others there is no usual time to compare with. */
const LEAST_OTHERS = 2;
const MUCH_LONGER = 5;
const LONG_MS = 1000;
const MOST_OF_WORK = 0.6;

/** One agent's work is most of all. */
export const splitAgent: Suggest = ({ agents }) => {
  const [heaviest, ...others] = known(agents).sort((a, b) => b.share - a.share);
  if (heaviest === undefined || others.length < LEAST_OTHERS || heaviest.share < MOST_OF_WORK) return [];
  const { agent, share, runs, duration, toolShare } = heaviest;
  if (duration === null || duration.p50Ms < LONG_MS) return [];
  const where = toolShare === null ? "" : ` Its tools took ${percentText(toolShare)} of that.`;
  return [
    {
      kind: "splitAgent",
      title: `Split ${nameOf(agent)}`,
      text: `${nameOf(agent)} took ${percentText(share)} of the time that all agents were at work, in ${runs} runs of ${durationText(duration.p50Ms)} (p50).${where} As several agents its parts can run at the same time, and be tried again one by one.`,
      figures: { share, runs, p50Ms: duration.p50Ms, ...(toolShare !== null && { toolShare }) },
      agent,
    },
  ];
};

/** An agent whose slow runs take many times as long as those of the others. */
export const slowAgent: Suggest = ({ agents }) =>
  known(agents).flatMap(({ agent, duration, runs }): Suggestion[] => {
    const others = known(agents)
      .filter((each) => each.agent !== agent)
      .flatMap((each) => each.duration?.p95Ms ?? [])
      .sort((a, b) => a - b);
    const usual = others[Math.floor((others.length - 1) / 2)];
    if (duration === null || usual === undefined || others.length < LEAST_OTHERS) return [];
    if (duration.p95Ms < Math.max(LONG_MS, usual * MUCH_LONGER)) return [];
    const times = duration.p95Ms / Math.max(1, usual);
    return [
      {
        kind: "slowAgent",
        title: `Look at what ${nameOf(agent)} waits for`,
        text: `The slowest 5 % of its ${runs} runs took ${durationText(duration.p95Ms)} or longer (p95), ${Math.round(times)} times as long as those of the other agents (${durationText(usual)}); half of its runs took ${durationText(duration.p50Ms)}.`,
        figures: { p95Ms: duration.p95Ms, othersP95Ms: usual, p50Ms: duration.p50Ms, runs },
        agent,
      },
    ];
  });

const OFTEN_TRIED_AGAIN = 0.1;
const LEAST_RETRIED = 5;
const HELPS = 0.5;
const HELPS_NEVER = 0.1;
const LEAST_USELESS = 10;

/** Attempts after a failure: an agent that is flaky, or one that always fails in the end. */
export const retries: Suggest = ({ agents }) =>
  known(agents).flatMap(({ agent, runs, retried, rescued, retries: attempts }): Suggestion[] => {
    const helped = retried === 0 ? 0 : rescued / retried;
    const figures = { runs, retried, rescued, retries: attempts };
    const name = nameOf(agent);
    if (retried >= Math.max(LEAST_RETRIED, runs * OFTEN_TRIED_AGAIN) && helped >= HELPS) {
      const text = `${retried} of its ${runs} runs had to be tried again, and ${rescued} of them then succeeded: something it depends on fails now and then. Retries hide that and cost ${attempts} further attempts; the Error Patterns panel tells which errors they are.`;
      return [{ kind: "flaky", title: `${name} is flaky`, text, figures, agent }];
    }
    if (retried >= LEAST_USELESS && helped <= HELPS_NEVER) {
      const text = `${retried} of its ${runs} runs were tried again, ${attempts} times in all, and ${rescued === 0 ? "none" : rescued} of them then succeeded: fewer retries save the time.`;
      return [{ kind: "uselessRetries", title: `Retry ${name} less often`, text, figures, agent }];
    }
    return [];
  });

const LEAST_TIMEOUTS = 3;
const NEAR = 0.8;
const OFTEN_NEAR = 0.1;

/** Runs that reach their limits, or come near. */
export const limits: Suggest = ({ runs }) =>
  [...grouped(runs, ({ agent }) => agent)].flatMap(([agent, theirs]) => [
    ...nearTimeout(agent, theirs),
    ...nearMemory(agent, theirs),
  ]);

function nearTimeout(agent: string, runs: readonly RunMeasure[]): Suggestion[] {
  const limited = runs.filter(({ timeoutMs, durationMs }) => timeoutMs !== null && durationMs !== null);
  const timeouts = limited.filter(({ error }) => error === timeoutError).length;
  const near = limited.filter(
    ({ error, timeoutMs, durationMs }) =>
      error !== timeoutError && (durationMs ?? 0) >= (timeoutMs ?? Infinity) * NEAR,
  ).length;
  const limit = limited.at(-1)?.timeoutMs ?? 0;
  const enough = limited.length >= ENOUGH_RUNS && timeouts + near >= limited.length * OFTEN_NEAR;
  if (!enough || timeouts < LEAST_TIMEOUTS) return [];
  // Where none comes near, what is stopped hangs, and more time would not help.
  const [title, advice] =
    near === 0
      ? [
          `${nameOf(agent)} hangs`,
          `no other run came near its limit, so what is stopped waits for something that does not come: a longer limit would not help`,
        ]
      : [
          `Give ${nameOf(agent)} more time`,
          `${near} others took more than ${percentText(NEAR)} of their limit: the limit is near what the agent needs`,
        ];
  return [
    {
      kind: "nearTimeout",
      title,
      text: `${timeouts} of ${limited.length} runs were stopped at their time limit (${durationText(limit)}), and ${advice}.`,
      figures: { timeouts, near, runs: limited.length, timeoutMs: limit },
      agent,
    },
  ];
}

function nearMemory(agent: string, runs: readonly RunMeasure[]): Suggestion[] {
  const told = runs.filter(
    ({ memoryBytes, memoryLimitMb }) => memoryBytes !== null && memoryLimitMb !== null,
  );
  const shares = told.map(
    ({ memoryBytes, memoryLimitMb }) => (memoryBytes ?? 0) / ((memoryLimitMb ?? 1) * 2 ** 20),
  );
  const ended = runs.filter(({ error }) => error === "OutOfMemoryError").length;
  const near = shares.filter((share) => share >= NEAR).length;
  if (runs.length < ENOUGH_RUNS || near + ended < Math.max(LEAST_TIMEOUTS, runs.length * OFTEN_NEAR))
    return [];
  const most = shares.reduce((greatest, share) => Math.max(greatest, share), 0);
  return [
    {
      kind: "nearMemory",
      title: `Give ${nameOf(agent)} more memory`,
      text: `${near} of ${runs.length} runs used more than ${percentText(NEAR)} of the memory they may use (at most ${percentText(most)}), and ${ended} were stopped because they used more. The limit is opsviAgents.run.memoryMb (--memory).`,
      figures: { near, ended, runs: runs.length, most },
      agent,
    },
  ];
}
