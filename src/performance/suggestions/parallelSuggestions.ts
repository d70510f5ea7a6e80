import { durationText, percentText } from "../../model/figureText.ts";
import { ENOUGH_RUNS, type Suggest } from "./basis.ts";

/** A run that waits for half as long as it takes waits long. */
const LONG_WAIT = 0.5;
const SHORTEST_WAIT_MS = 200;
/** Places are as good as full. */
const FULL = 0.7;
const IDLE = 0.5;
const BUSY = 0.8;

/** Runs wait for their turn: whether more at a time would help depends on what they do meanwhile. */
export const concurrency: Suggest = ({ total, parallel, surroundings: { processors } }) => {
  const { duration, queue, busy } = total;
  if (duration === null || queue === null || busy === null || queue.count < ENOUGH_RUNS) return [];
  const { peak, efficiency } = parallel;
  const waits = queue.p50Ms >= Math.max(SHORTEST_WAIT_MS, duration.p50Ms * LONG_WAIT);
  if (!waits || efficiency < FULL) return [];
  const wait = `Half of the runs waited ${durationText(queue.p50Ms)} or longer for their turn and took ${durationText(duration.p50Ms)}`;
  const figures = {
    ...{ queueP50Ms: queue.p50Ms, durationP50Ms: duration.p50Ms, efficiency, busy, peak, processors },
  };
  if (busy < IDLE) {
    const title = "Run more at a time";
    const text = `${wait}, while up to ${peak} ran at a time, whose places were used to ${percentText(efficiency)}. Their threads worked only ${percentText(busy)} of that time and waited for the rest: a higher opsviAgents.run.parallel (--concurrency) lets more of them wait at the same time.`;
    return [{ kind: "raiseConcurrency", title, text, figures, agent: null }];
  }
  if (busy < BUSY || peak < processors) return [];
  const title = "More at a time would not help";
  const text = `${wait}, but threads were at work ${percentText(busy)} of the time, and up to ${peak} at a time share ${processors} processors. What helps is agents that compute less, or another machine.`;
  return [{ kind: "busyProcessors", title, text, figures, agent: null }];
};

const LEAST_OF_BATCH = 5;
const LONG_TAIL = 0.3;
const SHORTEST_TAIL_MS = 1000;

/** One run is left alone at the end of a batch. */
export const unevenBatch: Suggest = ({ batches }) => {
  const uneven = batches.filter(
    ({ runs, peak, tailMs, wallMs }) =>
      runs >= LEAST_OF_BATCH && peak > 1 && tailMs >= Math.max(SHORTEST_TAIL_MS, wallMs * LONG_TAIL),
  );
  const [newest] = uneven;
  if (newest === undefined) return [];
  const { runs, wallMs, tailMs, peak, efficiency } = newest;
  const others = uneven.length === 1 ? "" : ` ${uneven.length - 1} other batches ended like that.`;
  return [
    {
      kind: "unevenBatch",
      title: "Start the longest tasks first",
      text: `In the newest batch of ${runs} runs one was alone at work for the last ${durationText(tailMs)} of ${durationText(wallMs)}, where ${peak} had room: its places were used to ${percentText(efficiency)}. With the longest tasks at the top of the file it would have ended sooner.${others}`,
      figures: { runs, wallMs, tailMs, peak, efficiency, batches: uneven.length },
      agent: null,
    },
  ];
};
