import { lstatSync, opendirSync } from "node:fs";
import { join } from "node:path";
import type { CheckpointFolder } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { shortId } from "../../model/runId.ts";
import { AgentListing } from "./agentListing.ts";
import { newestFirst, Texts, type Entry } from "./entry.ts";

/** What the checkpoints of one workspace folder are. */
export class FolderListing {
  readonly folder: CheckpointFolder;
  /** `.proj-intel/checkpoints` */
  readonly path: string;
  readonly #agents = new Map<string, AgentListing>();
  readonly #texts = new Texts();
  #entries: readonly Entry[] | null = null;
  #copied: readonly string[] = [];
  #notes: string[] = [];
  #isScanned = false;

  constructor(folder: CheckpointFolder) {
    this.folder = folder;
    this.path = join(folder.path, ".proj-intel", "checkpoints");
  }

  /** The newest checkpoints of the agents that saved last, until there are enough. */
  glance(enough: number): void {
    this.#refreshNames();
    const agents = this.agents.map((agent) => ({ agent, savedAt: agent.savedAt }));
    let found = 0;
    for (const { agent } of agents.sort((a, b) => b.savedAt - a.savedAt)) {
      if (found >= enough) break;
      try {
        agent.glance();
      } catch {
        // It is told by the refresh that follows.
      }
      found += agent.entries.length;
    }
    this.#entries = null;
  }

  /** Whether all was looked at, and not only the newest. */
  get isScanned(): boolean {
    return this.#isScanned;
  }

  /** Looks again, at all agents or at those that are named by their folders; answers whether anything may have changed. */
  refresh(only?: ReadonlySet<string>): boolean {
    if (!this.#isScanned && only !== undefined) return this.refresh();
    let changed = only === undefined ? this.#refreshNames() || !this.#isScanned : false;
    this.#isScanned = true;
    for (const [name, agent] of this.#agents) {
      if (only?.has(name) === false) continue;
      try {
        changed = agent.refresh() || changed;
      } catch (error) {
        agent.notes = [`${agent.path} cannot be listed: ${(error as Error).message}.`];
        changed = true;
      }
    }
    for (const name of only ?? []) if (!this.#agents.has(name)) return this.refresh();
    if (changed) this.#entries = null;
    return changed;
  }

  get agents(): AgentListing[] {
    return [...this.#agents.values()];
  }

  get pending(): boolean {
    if (!this.#isScanned) return true;
    for (const agent of this.#agents.values()) if (agent.pending) return true;
    return false;
  }

  get notes(): string[] {
    return [...this.#notes, ...this.copyNotes, ...this.agents.flatMap(({ notes }) => notes)];
  }

  /** What is the case with checkpoints that stand in several folders. */
  get copyNotes(): string[] {
    const { length: shown } = this.entries;
    const [newest] = this.#copied;
    if (shown === 0 || newest === undefined) return [];
    const { length: count } = this.#copied;
    const which = `${count > 1 ? "stand" : "stands"} in the folders of several agents (${shortId(newest)}${count > 1 ? ", …" : ""})`;
    return [
      `${counted(count, "checkpoint")} in ${this.path} ${which}: each is shown once, and its copy once that is removed.`,
    ];
  }

  /** Newest first. */
  get entries(): readonly Entry[] {
    return (this.#entries ??= this.#withoutCopies(merged(this.agents.map(({ entries }) => entries))));
  }

  /** The one that is shown, where there are copies. */
  get(id: string): Entry | undefined {
    for (const agent of this.#agents.values()) {
      const entry = agent.get(id);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The same id in several folders is a copy that somebody made by hand: it is shown once. */
  #withoutCopies(sorted: readonly Entry[]): readonly Entry[] {
    const copied = new Set<string>();
    for (let i = 1; i < sorted.length; i += 1) {
      const { id } = sorted[i] as Entry;
      if (id === sorted[i - 1]?.id) copied.add(id);
    }
    this.#copied = [...copied];
    if (copied.size === 0) return sorted;
    return sorted.filter((entry) => !copied.has(entry.id) || this.get(entry.id) === entry);
  }

  #refreshNames(): boolean {
    this.#notes = [];
    const names = new Set<string>();
    try {
      for (const name of this.#names()) names.add(name);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT")
        this.#notes.push(`${this.path} cannot be listed: ${(error as Error).message}.`);
    }
    let changed = false;
    for (const name of this.#agents.keys()) if (!names.has(name)) changed = this.#agents.delete(name);
    for (const name of names) {
      if (this.#agents.has(name)) continue;
      this.#agents.set(name, new AgentListing(this.folder, this.path, name, this.#texts));
      changed = true;
    }
    return changed;
  }

  /** A repository must not lead to elsewhere: links are not followed. */
  *#names(): Iterable<string> {
    for (const path of [join(this.folder.path, ".proj-intel"), this.path]) {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return;
      if (!stat.isDirectory()) throw new Error(`${path} is a link or a file, not a folder`);
    }
    const folder = opendirSync(this.path);
    try {
      for (let found = folder.readSync(); found !== null; found = folder.readSync())
        if (found.isDirectory()) yield found.name;
    } finally {
      folder.closeSync();
    }
  }
}

/** Newest first. */
export function merged(lists: readonly (readonly Entry[])[]): readonly Entry[] {
  const [only = [], ...others] = lists.filter((list) => list.length > 0);
  return others.length === 0 ? only : newestFirst([only, ...others].flat(), ({ id }) => id);
}
