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

/** How checkpoints hang together. */
export class BranchSegments {
  readonly #roots = new Map<string, Map<string, Segment[]>>();
  readonly #below = new Map<Entry, Segment[]>();
  /** Where a segment stands: below a checkpoint, or at its agent (null). */
  readonly #places = new Map<Segment, Entry | null>();
  readonly #segmentOf = new Map<Entry, Segment>();

  /** @param listed newest first */
  constructor(listed: readonly Entry[]) {
    const followed = new Set<Entry>();
    const segments = this.#gather(listed);
    for (const segment of segments) {
      segment.checkpoints.reverse();
      this.#places.set(segment, this.#placeOf(segment, followed));
    }
    segments.sort((a, b) => (newest(a) < newest(b) ? 1 : -1));
    for (const segment of segments) {
      const place = this.#places.get(segment) ?? null;
      if (place !== null) into(this.#below, place, segment);
      else into(under(this.#roots, segment.folder), segment.agent, segment);
    }
  }

  /** Of an agent, what stands below no checkpoint; newest first. */
  rootsOf(folder: string, agent: string): readonly Segment[] {
    return this.#roots.get(folder)?.get(agent) ?? [];
  }

  below(one: Entry): readonly Segment[] {
    return this.#below.get(one) ?? [];
  }

  /** Oldest first, and their checkpoints too. */
  #gather(listed: readonly Entry[]): Segment[] {
    const byId = new Map<string, Entry>();
    const runs = new Map<string, Map<string, Segment[]>>();
    /** Which checkpoints without run were followed by another one already. */
    const continued = new Set<Entry>();
    const segments: Segment[] = [];
    for (let i = listed.length - 1; i >= 0; i -= 1) {
      const one = listed[i] as Entry;
      const { id, agent, runId, home } = one;
      const { folder } = home.folder;
      const parent = (one.parentId === null ? undefined : byId.get(one.parentId)) ?? null;
      byId.set(id, one);
      const ofRun = runId === null ? undefined : under(runs, runId).get(agent);
      let segment = ofRun?.find((each) => each.folder === folder);
      if (runId === null && parent?.runId === null && !continued.has(parent) && !branching.has(one.label)) {
        const before = this.#segmentOf.get(parent);
        if (before?.agent === agent && before.folder === folder) {
          segment = before;
          continued.add(parent);
        }
      }
      if (segment === undefined) {
        segment = { folder, agent, runId, checkpoints: [], from: parent };
        segments.push(segment);
        if (runId !== null) into(under(runs, runId), agent, segment);
      }
      segment.checkpoints.push(one);
      this.#segmentOf.set(one, segment);
    }
    return segments;
  }

  /** What an agent does after an execution had ended is no branch: it stands beside that. */
  #placeOf({ from, agent, checkpoints }: Segment, followed: Set<Entry>): Entry | null {
    if (from === null) return null;
    const before = this.#segmentOf.get(from);
    // The one before was placed already, and is reversed.
    const isSequel =
      before?.agent === agent &&
      before.checkpoints[0] === from &&
      (from.state === "ready" || from.state === "stopped") &&
      !branching.has(checkpoints.at(-1)?.label ?? null) &&
      !branching.has(from.label) &&
      !followed.has(from);
    if (!isSequel) return from;
    followed.add(from);
    return this.#places.get(before) ?? null;
  }
}

const newest = ({ checkpoints }: Segment): string => checkpoints[0]?.id ?? "";

function under<K, A, B>(map: Map<K, Map<A, B>>, key: K): Map<A, B> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<A, B>();
  map.set(key, made);
  return made;
}

function into<K>(map: Map<K, Segment[]>, key: K, segment: Segment): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [segment]);
  else list.push(segment);
}
