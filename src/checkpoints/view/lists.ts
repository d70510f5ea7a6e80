import type {
  CheckpointFolder,
  CheckpointKey,
  CheckpointList,
  CheckpointListRow,
  CheckpointQuery,
  CheckpointSummaryRow,
} from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { rowOfEntry, type Entry } from "../listing/entry.ts";
import { FolderListing, merged } from "../listing/folderListing.ts";
import { branchRows, nodeName, unplaced, type Node } from "./branches.ts";
import { keyOf, matcher } from "./listed.ts";
import { totalsOf } from "./totals.ts";

/** So many answers are kept: a page may still ask for rows of the one before. */
const answersKept = 2;
const mostRows = 1_000;
/** More than is in sight. */
const glanceAt = 200;

interface Answer {
  /** What was asked, and of what. */
  question: string | null;
  list: CheckpointList;
  rows: readonly (Entry | Node)[];
}

const isNode = (row: Entry | Node): row is Node => "kind" in row;

/** The checkpoints of some folders, and what is asked of them. */
export class CheckpointLists {
  #listings: FolderListing[] = [];
  #all: readonly Entry[] | null = null;
  /** What classes say, by folder and agent. */
  #declared = new Map<string, number>();
  /** By folder and agent. */
  #versions: Map<string, number> | null = null;
  #answers: Answer[] = [];
  #version = 0;
  /** Another one for all that was learned. */
  #stamp = 0;

  /** @param glance takes a glance at what is new to it, which `scan` follows */
  open(folders: readonly CheckpointFolder[], glance = false): void {
    this.#declared = new Map(
      folders.flatMap(({ folder, versions = {} }) =>
        Object.entries(versions).map(([agent, version]) => [agentKey(folder, agent), version] as const),
      ),
    );
    const known = new Map(this.#listings.map((listing) => [listing.folder.folder, listing]));
    this.#listings = folders.map((folder) => {
      const listing = known.get(folder.folder);
      if (listing?.folder.path === folder.path) {
        if (listing.isScanned) listing.refresh();
        return listing;
      }
      const added = new FolderListing(folder);
      if (glance) added.glance(glanceAt);
      else added.refresh();
      return added;
    });
    this.#changed();
  }

  /** Looks at all of what only a glance was taken at; answers whether there was such. */
  scan(): boolean {
    const glanced = this.#listings.filter((listing) => !listing.isScanned);
    for (const listing of glanced) listing.refresh();
    if (glanced.length > 0) this.#changed();
    return glanced.length > 0;
  }

  /** Looks again, at all or at the folders of these files. */
  refresh(files?: readonly string[]): boolean {
    let changed = false;
    for (const listing of this.#listings) {
      // After a glance all of it is looked at anyway, once the first rows are in sight.
      if (!listing.isScanned) continue;
      const only = files && agentsIn(listing, files);
      if (only?.size === 0) continue;
      changed = listing.refresh(only) || changed;
    }
    if (changed) this.#changed();
    return changed;
  }

  /** More is known of the checkpoints that there are. */
  learned(): void {
    this.#versions = null;
    this.#stamp += 1;
  }

  get listings(): readonly FolderListing[] {
    return this.#listings;
  }

  get pending(): boolean {
    return this.#listings.some((listing) => listing.pending);
  }

  query(query: CheckpointQuery, found: ReadonlySet<string> | null = null): CheckpointList {
    // What is filtered may be among what was not looked at.
    if (this.#everything().length === 0 || matcher(query, found) !== null) this.scan();
    const question = found === null ? `${this.#stamp} ${JSON.stringify(query)}` : null;
    const known = question === null ? undefined : this.#answers.find((one) => one.question === question);
    if (known !== undefined) return known.list;
    const all = this.#everything();
    const matching = this.matching(query, found);
    // The end of its index tells how those that are in sight first hang together.
    const [newest] = matching;
    if (newest?.known === false) newest.home.know(newest);
    const rows = query.order === "timeline" ? matching : branchRows(matching, new Set(query.collapsed));
    this.#version += 1;
    const list = {
      version: this.#version,
      complete: !this.pending,
      rows: rows.length,
      ...totalsOf(all, matching),
      notes: this.#listings.flatMap(({ notes }) => notes),
    };
    this.#answers = [{ question, list, rows }, ...this.#answers].slice(0, answersKept);
    return list;
  }

  /** What a query matches, newest first. */
  matching(query: CheckpointQuery, found: ReadonlySet<string> | null = null): readonly Entry[] {
    const matches = matcher(query, found);
    return matches === null ? this.#everything() : this.#everything().filter(matches);
  }

  /** Rows of an answer; null where it is not kept any more. */
  rows(version: number, from: number, count: number): CheckpointListRow[] | null {
    const answer = this.#answers.find(({ list }) => list.version === version);
    if (answer === undefined) return null;
    const rows = answer.rows.slice(Math.max(0, from), Math.max(0, from) + Math.min(count, mostRows));
    let learned = false;
    for (const row of rows) {
      const one = isNode(row) ? (row.kind === "checkpoint" ? row.content : undefined) : row;
      if (one === undefined || one.known) continue;
      one.home.know(one);
      learned = true;
    }
    if (learned) this.learned();
    return rows.map((row) => this.#write(row));
  }

  rowOf(version: number, { folder, id }: CheckpointKey): number {
    const answer = this.#answers.find(({ list }) => list.version === version);
    return (
      answer?.rows.findIndex((row) => {
        if (isNode(row) && row.kind !== "checkpoint") return false;
        const entry = isNode(row) ? row.content : row;
        return entry.id === id && entry.home.folder.folder === folder;
      }) ?? -1
    );
  }

  /** Rejects with a UserError where there is none. */
  find({ folder, id }: CheckpointKey): Entry {
    const listing = this.listingOf(folder);
    const entry = listing.get(id);
    if (entry === undefined) throw new UserError(`There is no checkpoint ${id} in ${listing.path}.`);
    if (!entry.known) {
      entry.home.know(entry);
      this.learned();
    }
    return entry;
  }

  /** One beside another. */
  inFolder({ home }: Entry, id: string): Entry | undefined {
    return this.listingOf(home.folder.folder).get(id);
  }

  /** What follows one, newest first. */
  childrenOf({ id, home }: Entry): Entry[] {
    return this.listingOf(home.folder.folder).entries.filter(({ parentId }) => parentId === id);
  }

  listingOf(folder: string): FolderListing {
    const listing = this.#listings.find((one) => one.folder.folder === folder);
    if (listing === undefined) throw new UserError(`There is no workspace folder ${folder}.`);
    if (!listing.isScanned) this.scan();
    return listing;
  }

  summary(entry: Entry): CheckpointSummaryRow {
    return rowOfEntry(entry, this.newestVersion(entry));
  }

  /** The state version of its agent, as its class says or its newest checkpoint has it. */
  newestVersion(one: Entry): number {
    if (this.#versions === null) {
      this.#versions = new Map();
      for (const each of this.#everything()) {
        const agent = agentName(each);
        if (each.known && each.problem === null && !this.#versions.has(agent))
          this.#versions.set(agent, each.stateVersion);
      }
    }
    const agent = agentName(one);
    return Math.max(this.#declared.get(agent) ?? 1, this.#versions.get(agent) ?? 1);
  }

  /** Others are there. */
  #changed(): void {
    this.#all = null;
    this.learned();
  }

  #everything(): readonly Entry[] {
    if (this.#all !== null) return this.#all;
    return (this.#all = merged(this.#listings.map(({ entries }) => entries)));
  }

  #write(row: Entry | Node): CheckpointListRow {
    if (!isNode(row)) return { kind: "checkpoint", ...this.summary(row), node: keyOf(row), ...unplaced };
    const { depth, guides, position, siblings, childCount, collapsed } = row;
    const placed = { node: nodeName(row), depth, guides, position, siblings, childCount, collapsed };
    if (row.kind === "checkpoint") return { kind: "checkpoint", ...this.summary(row.content), ...placed };
    const checkpoints = row.kind === "agent" ? row.content.all : row.content.checkpoints;
    const [newest] = checkpoints as [Entry];
    const group = {
      ...{ folder: newest.home.folder.folder, agent: newest.agent, checkpoints: checkpoints.length },
      bytes: checkpoints.reduce((total, { bytes }) => total + (bytes ?? 0), 0),
      ...placed,
    };
    if (row.kind === "agent") return { kind: "agent", ...group };
    const { runId, from } = row.content;
    const { createdAt } = this.summary(newest);
    return { kind: "run", ...group, runId: runId ?? "", createdAt, from: from?.id ?? null };
  }
}

const agentKey = (folder: string, agent: string): string => `${folder}|${agent}`;
const agentName = ({ home, agent }: Entry): string => agentKey(home.folder.folder, agent);

/** The agents' folders that files lie in; undefined for all of them. */
function agentsIn({ path }: FolderListing, files: readonly string[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const file of files) {
    if (!file.startsWith(path)) continue;
    const name = file.slice(path.length + 1).split(/[\\/]/, 1)[0] ?? "";
    if (name === "") return undefined;
    names.add(name);
  }
  return names;
}
