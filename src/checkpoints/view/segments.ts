import type { AgentListing } from "../listing/agentListing.ts";
import type { Entry } from "../listing/entry.ts";
import { keyOf } from "./listed.ts";

/** Checkpoints that follow one another: those of a run, or a line of them without one. */
export interface Segment {
  folder: string;
  agent: string;
  runId: string | null;
  /** Newest first. */
  checkpoints: Entry[];
  /** What the oldest of them follows, where that is listed. */
  from: Entry | null;
}

export const segmentNode = ({ folder, agent, runId, checkpoints }: Segment): string =>
  runId === null ? `line:${keyOf(checkpoints.at(-1) as Entry)}` : `run:${folder}|${agent}|${runId}`;

const branching: ReadonlySet<string | null> = new Set(["fork", "restored"]);

/** There may be a hundred thousand: what is told of each stands in it, not in maps beside it. */
interface Placed extends Segment {
  /** Of its checkpoints: lists that grow take several times the memory. */
  count: number;
  newest: Entry;
  /** Whether it was forked or restored of what it follows. */
  branched: boolean;
  /** The one that `from` is part of. */
  before: Placed | null;
  /** Of the same run, by another agent. */
  sibling: Placed | null;
  /** Below a checkpoint, or at its agent (null). */
  place: Entry | null;
  /** Whether another one goes on where this one ended. */
  followed: boolean;
}

/** How checkpoints hang together. */
export class BranchSegments {
  readonly #roots = new Map<string, Map<string, Segment[]>>();
  readonly #below = new Map<Entry, Segment[]>();

  /** @param listed newest first */
  constructor(listed: readonly Entry[]) {
    const { segments, segmentAt } = gathered(listed);
    for (const segment of segments) segment.place = placeOf(segment);
    for (let i = 0; i < listed.length; i += 1) {
      const segment = segmentAt[i] as Placed;
      const one = listed[i] as Entry;
      // Each comes where its newest one stands.
      const isFirst = segment.newest === one;
      if (isFirst) {
        segment.checkpoints = new Array<Entry>(segment.count);
        segment.count = 0;
      }
      segment.checkpoints[segment.count] = one;
      segment.count += 1;
      if (!isFirst) continue;
      if (segment.place !== null) into(this.#below, segment.place, segment);
      else {
        const ofFolder = this.#roots.get(segment.folder) ?? new Map<string, Segment[]>();
        this.#roots.set(segment.folder, ofFolder);
        into(ofFolder, segment.agent, segment);
      }
    }
  }

  /** Of an agent, what stands below no checkpoint; newest first. */
  rootsOf(folder: string, agent: string): readonly Segment[] {
    return this.#roots.get(folder)?.get(agent) ?? none;
  }

  below(one: Entry): readonly Segment[] {
    return this.#below.get(one) ?? none;
  }
}

const none: readonly Segment[] = [];

/** Oldest first, without their checkpoints. */
function gathered(listed: readonly Entry[]): { segments: Placed[]; segmentAt: Placed[] } {
  let places: Map<string, Map<string, number>> | null = null;
  const lastOf = new Map<AgentListing, number>();
  /** Nearly always the one before of the same agent; what is of another one costs a map of all. */
  const placeIn = ({ parentId, home }: Entry): number | undefined => {
    if (parentId === null) return undefined;
    const last = lastOf.get(home);
    if (last !== undefined && listed[last]?.id === parentId) return last;
    const parent = home.get(parentId);
    if (parent !== undefined) return listed[parent.place] === parent ? parent.place : undefined;
    places ??= placesOf(listed);
    return places.get(home.folder.folder)?.get(parentId);
  };
  const segmentAt = new Array<Placed>(listed.length);
  const runs = new Map<string, Placed>();
  /** What nothing is known of yet is one line for each agent. */
  const unread = new Map<AgentListing, Placed>();
  const segments: Placed[] = [];
  const begin = (one: Entry, from: Entry | null, before: Placed | null, sibling: Placed | null): Placed => {
    const { agent, runId, home } = one;
    const { folder } = home.folder;
    const segment: Placed = {
      folder,
      agent,
      runId,
      checkpoints: [],
      from,
      count: 0,
      newest: one,
      branched: branching.has(one.label),
      before,
      sibling,
      place: null,
      followed: false,
    };
    segments.push(segment);
    return segment;
  };
  const segmentOf = (one: Entry, last: Placed | undefined): Placed => {
    const { runId } = one;
    if (!one.known) {
      const segment = unread.get(one.home) ?? begin(one, null, null, null);
      unread.set(one.home, segment);
      return segment;
    }
    if (last !== undefined && runId !== null && isOf(last, one)) return last;
    const first = (runId === null ? undefined : runs.get(runId)) ?? null;
    for (let segment = first; segment !== null; segment = segment.sibling)
      if (isOf(segment, one)) return segment;
    const at = placeIn(one);
    const from = at === undefined ? null : (listed[at] as Entry);
    const before = at === undefined ? null : (segmentAt[at] as Placed);
    if (runId === null && from !== null && before !== null && goesOn(one, from, before)) return before;
    const segment = begin(one, from, before, first);
    if (runId !== null) runs.set(runId, segment);
    return segment;
  };
  for (let i = listed.length - 1; i >= 0; i -= 1) {
    const one = listed[i] as Entry;
    const segment = segmentOf(one, segmentAt[i + 1]);
    one.place = i;
    lastOf.set(one.home, i);
    segmentAt[i] = segment;
    segment.count += 1;
    segment.newest = one;
  }
  return { segments, segmentAt };
}

/** By folder and id. */
function placesOf(listed: readonly Entry[]): Map<string, Map<string, number>> {
  const places = new Map<string, Map<string, number>>();
  for (const [i, { id, home }] of listed.entries()) {
    const { folder } = home.folder;
    const ofFolder = places.get(folder) ?? new Map<string, number>();
    places.set(folder, ofFolder);
    ofFolder.set(id, i);
  }
  return places;
}

const isOf = (segment: Segment, { runId, agent, home }: Entry): boolean =>
  segment.runId === runId && segment.agent === agent && segment.folder === home.folder.folder;

/** Whether one without run is the next of a line of such: the first that follows the last of them. */
const goesOn = ({ agent, label, home }: Entry, from: Entry, line: Placed): boolean =>
  line.runId === null &&
  line.agent === agent &&
  line.folder === home.folder.folder &&
  line.newest === from &&
  !branching.has(label);

/** What an agent does after an execution had ended is no branch: it stands beside that. */
function placeOf({ from, before, agent, branched }: Placed): Entry | null {
  if (from === null) return null;
  // The one before was placed already.
  const isSequel =
    before?.agent === agent &&
    before.newest === from &&
    (from.state === "ready" || from.state === "stopped") &&
    !branched &&
    !branching.has(from.label) &&
    !before.followed;
  if (!isSequel) return from;
  before.followed = true;
  return before.place;
}

function into<K>(map: Map<K, Segment[]>, key: K, segment: Segment): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [segment]);
  else list.push(segment);
}
