import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { AgentRecord } from "../model/agentRecord.ts";
import type { FileUpdate, IndexSnapshot } from "../model/indexerProtocol.ts";
import { mentionsAgent } from "./agentName.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import { isProjectFile, isSource, languageOf, relativePath } from "./paths.ts";
import { Pause } from "./pause.ts";
import { scan, type FileFacts } from "./scan.ts";
import { checkText, readSource } from "./sourceText.ts";
import { walk } from "./walk.ts";

const PROGRESS_MS = 100;

/** One folder's index. Calls must not overlap. */
export class WorkspaceIndex {
  readonly #root: string;
  readonly #onProgress: (done: number, total: number) => void;
  readonly #unsaved = new Map<string, string>();
  #files = new Map<string, FileFacts>();
  #notes = new Map<string, string>();
  #rules: IgnoreRules;
  #snapshot: IndexSnapshot | null = null;

  constructor(root: string, onProgress: (done: number, total: number) => void) {
    this.#root = root;
    this.#onProgress = onProgress;
    this.#rules = new IgnoreRules(root);
  }

  async snapshot(signal: AbortSignal): Promise<IndexSnapshot> {
    if (this.#snapshot !== null) return this.#snapshot;
    const start = performance.now();
    const pause = new Pause(signal);
    this.#rules = new IgnoreRules(this.#root);
    this.#files = new Map();
    this.#notes = new Map();
    const found = await walk(this.#root, "", this.#rules, pause);
    for (const path of this.#unsaved.keys()) if (!found.sources.includes(path)) found.sources.push(path);
    let reported = start;
    for (const [done, path] of found.sources.entries()) {
      this.#read(path);
      if (performance.now() - reported > PROGRESS_MS) {
        reported = performance.now();
        this.#onProgress(done, found.sources.length);
      }
      await pause.here();
    }
    this.#snapshot = this.#link(start);
    return this.#snapshot;
  }

  async update(updates: readonly FileUpdate[], signal: AbortSignal): Promise<IndexSnapshot> {
    const start = performance.now();
    for (const { path, text } of updates) {
      const inside = relativePath(this.#root, path);
      if (inside === null) continue;
      if (text === null) this.#unsaved.delete(inside);
      else this.#unsaved.set(inside, text);
      if (this.#snapshot === null) continue;
      if (isProjectFile(inside) || !isSource(inside)) {
        this.#snapshot = null;
        continue;
      }
      if (text !== null || (await isFile(path))) this.#read(inside);
      else this.#files.delete(inside);
    }
    if (this.#snapshot === null) return this.snapshot(signal);
    this.#snapshot = this.#link(start);
    return this.#snapshot;
  }

  #read(path: string): void {
    const unsaved = this.#unsaved.get(path);
    const source =
      unsaved === undefined ? readSource(join(this.#root, path), path) : checkText(unsaved, path);
    this.#files.delete(path);
    this.#notes.delete(path);
    if (source === "gone") return;
    if ("note" in source) this.#notes.set(path, source.note);
    else this.#files.set(path, scan(source.text));
  }

  #link(start: number): IndexSnapshot {
    const agents: AgentRecord[] = [];
    for (const [path, facts] of this.#files) {
      for (const { name } of facts.classes) if (mentionsAgent(name)) agents.push(bareRecord(path, name));
    }
    return {
      root: this.#root,
      agents,
      rejected: [],
      notes: [...this.#notes.values()],
      files: this.#files.size,
      durationMs: performance.now() - start,
    };
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function bareRecord(path: string, name: string): AgentRecord {
  return {
    name,
    file_path: path,
    lineno: 1,
    end_line: 1,
    bases: [],
    methods: [],
    docstring: null,
    agent_type: "general",
    language: languageOf(path),
    kind: "class",
    exported: name,
    abstract: false,
    constructor_params: [],
    base_chain: [],
    inherited_methods: [],
    capabilities: [],
    role: "agent",
    test: false,
    confidence: 0.5,
    evidence: [`name speaks of agents`],
    migrated: false,
    adapts: null,
  };
}
