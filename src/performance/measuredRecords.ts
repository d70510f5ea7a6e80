import { readdirSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import type { RunMeasure } from "../model/performance.ts";
import { LivingOwners } from "../runs/history/runOwner.ts";
import { recordFile, recordsFolder } from "../runs/recordPlace.ts";
import { measureOf } from "./measure.ts";
import { recordEdges, type RecordEdges } from "./recordEdges.ts";

/** So many are read before others get a turn. */
const AT_ONCE = 100;
const SUFFIX = ".jsonl";

interface Known {
  measure: RunMeasure | null;
  /** Null where the run has ended: nothing comes any more. */
  edges: RecordEdges | null;
}

/** The measures of the runs of a workspace folder; a record is read again only while it grows. */
export class MeasuredRecords {
  readonly #root: string;
  readonly #known = new Map<string, Known>();
  #isEmpty = true;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Reads what is new, the newest first, and answers with how many are still to be read.
   * @param since leaves out runs that were queued before, in ms since 1970
   * @param deadline when to stop, as `performance.now()` tells it
   */
  async read(since = -Infinity, deadline = Infinity): Promise<number> {
    const owners = new LivingOwners(recordsFolder(this.#root));
    const changing = this.#ids(since).filter((id) => {
      const known = this.#known.get(id);
      return known === undefined || known.edges !== null;
    });
    for (const [index, id] of changing.entries()) {
      if (index > 0 && index % AT_ONCE === 0) {
        await turn();
        if (performance.now() > deadline) return changing.length - index;
      }
      await this.#read(id, owners);
    }
    return 0;
  }

  /** Whether nothing was recorded at all, as far as it was looked. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** What has been read. */
  get measures(): RunMeasure[] {
    return [...this.#known.values()].flatMap(({ measure }) => measure ?? []);
  }

  /** The newest first. What is no longer there is forgotten. */
  #ids(since: number): string[] {
    const there = new Set(namesIn(recordsFolder(this.#root)).flatMap(idOf));
    this.#isEmpty = there.size === 0;
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
    // Ids begin with the time.
    const oldest = since > 0 ? idAt(since) : "";
    return [...there]
      .filter((id) => id >= oldest)
      .sort()
      .reverse();
  }

  async #read(id: string, owners: LivingOwners): Promise<void> {
    const edges = recordEdges(recordFile(this.#root, id), this.#known.get(id)?.edges ?? null);
    if (edges === null) return void this.#known.set(id, { measure: null, edges: null });
    const { lines } = edges;
    const [queued] = lines;
    const ended = lines.some(({ type }) => type === "finished");
    const owner = queued?.type === "queued" ? queued.owner : undefined;
    const isAlive = !ended && owner !== undefined && (await owners.isAlive(owner));
    this.#known.set(id, { measure: measureOf(id, lines, isAlive), edges: ended ? null : edges });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function idOf(name: string): string[] {
  const id = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : "";
  return /^[\w-]+$/.test(id) ? [id] : [];
}

/** The least id of a run that is queued at that time. */
function idAt(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
