import { basename, join } from "node:path";
import { nameOf } from "../core/adapter/members.ts";
import { readAdapterMapping } from "../adapterMapping/read.ts";
import { neverAborted } from "../core/abort.ts";
import { describeError } from "../core/errors.ts";
import { type AdapterOptions, type LegacySource, UniversalAgentAdapter } from "../core/index.ts";
import { discoverAgents } from "../registry/discover.ts";
import { AgentRegistry } from "../registry/registry.ts";
import type { DiscoveredAgent } from "../registry/types.ts";
import { factoryOf, type Made, makeAdapter, whyNotLoaded } from "./makeAdapter.ts";
import { placeOf, realRoot } from "./place.ts";
import { aborted, within } from "./within.ts";
import type {
  AgentRegistrar,
  CodebaseOptions,
  MigrationEntry,
  MigrationReport,
  MigratorOptions,
} from "./types.ts";

const defaultTimeoutMs = 60_000;

/** Wraps legacy agents in adapters and registers them: one by one, or all that an index file names. Writes no file. */
export class AgentMigrator<Registry extends AgentRegistrar = AgentRegistry> {
  /** What takes the adapters. */
  readonly registry: Registry;
  readonly #options: MigratorOptions<Registry>;
  readonly #log: MigrationEntry[] = [];
  readonly #names = new Set<string>();
  readonly #done = new Set<string>();

  /** Makes a migrator with an empty log. */
  constructor(options: MigratorOptions<Registry> = {}) {
    this.#options = { ...options };
    const registry: AgentRegistrar = options.registry ?? new AgentRegistry();
    this.registry = registry as Registry;
  }

  /** Every class that was migrated, skipped or failed, oldest first. */
  get log(): readonly MigrationEntry[] {
    return [...this.#log];
  }

  /**
   * Wraps an instance, or what a class or factory makes of `options.args`, registers the adapter and logs it. What keeps
   * it from being made or registered is logged and thrown: an AgentUsageError, or what the registry throws.
   */
  migrateAgent<T extends object>(
    legacy: LegacySource<T>,
    agentType: string,
    options: Partial<AdapterOptions> = {},
  ): UniversalAgentAdapter<T> {
    // Whatever a program without types gives is wrapped, or refused, by the adapter.
    const given: unknown = legacy;
    const isNothing = given === null || given === undefined;
    const known = { className: isNothing ? String(given) : nameOf(legacy), agentType, file: null, line: 0 };
    try {
      const adapter = new UniversalAgentAdapter<T>(legacy as T, {
        ...this.#options.adapter,
        ...options,
        agentType,
      });
      this.#register(adapter);
      this.#enter({ ...known, status: "migrated", ...registered(adapter), reason: null });
      return adapter;
    } catch (error) {
      this.#enter({ ...known, status: "failed", ...nothing, reason: describeError(error).message });
      throw error;
    }
  }

  /**
   * Loads the classes that an index file names, one after the other, wraps and registers them, and logs what became of
   * each. Loading runs the code of their modules, and making an agent its constructor; nothing else of an agent is
   * called. Rejects with a StoreError where the index, the folder or the mapping cannot be read.
   */
  async migrateCodebase(options: CodebaseOptions = {}): Promise<MigrationReport> {
    const root = realRoot(options.root ?? ".");
    const folder = join(root, ".proj-intel");
    const mapping = options.mapping ?? this.#options.adapter?.mapping ?? readAdapterMapping(folder);
    const found = discoverAgents(options.indexFile ?? join(folder, "agent_architecture.jsonl"));
    const signal = options.signal ?? neverAborted;
    const entries: MigrationEntry[] = [];
    const seen = new Set<string>();
    for (const agent of found.agents) {
      const key = `${root}\n${agent.file}#${agent.name}`;
      const reason = signal.aborted
        ? aborted
        : (whyNotLoaded(agent) ?? (seen.has(key) ? "The index names it twice." : null));
      const made: Made =
        reason === null
          ? await this.#migrate(agent, key, root, { ...options, mapping, signal })
          : { skipped: reason };
      seen.add(key);
      const entry = this.#enterMade(agent, key, made);
      entries.push(entry);
      quietly(() => options.onProgress?.(entry, entries.length, found.agents.length));
    }
    const count = (status: MigrationEntry["status"]) =>
      entries.filter((entry) => entry.status === status).length;
    return {
      total: entries.length,
      migrated: count("migrated"),
      skipped: count("skipped"),
      failed: count("failed"),
      entries,
      warnings: [...found.warnings, ...unusedFactories(found.agents, options.factories)],
      aborted: signal.aborted,
    };
  }

  async #migrate(
    agent: DiscoveredAgent,
    key: string,
    root: string,
    options: CodebaseOptions & Required<Pick<CodebaseOptions, "signal">>,
  ): Promise<Made> {
    const { filter, signal = neverAborted, timeoutMs = defaultTimeoutMs } = options;
    if (this.#done.has(key)) return { skipped: "It was migrated before." };
    try {
      if (filter?.(agent) === false) return { skipped: "The filter left it out." };
    } catch (error) {
      return { failed: `The filter failed: ${describeError(error).message}.` };
    }
    const place = placeOf(root, agent.file);
    if ("missing" in place) return { skipped: place.missing };
    if ("refused" in place) return { failed: place.refused };
    const making = makeAdapter(place.path, agent, {
      ...options,
      adapter: { ...this.#options.adapter, name: this.#freeName(agent) },
    });
    return within(making, timeoutMs, signal);
  }

  /** Names two classes of one name apart: checkpoints go by the name. */
  #freeName({ name, file }: DiscoveredAgent): string {
    const plain = name === "" || name === "default" ? basename(file).replace(/\.[^.]+$/, "") : name;
    return this.#names.has(plain) ? `${plain} (${file})` : plain;
  }

  #enterMade(agent: DiscoveredAgent, key: string, made: Made): MigrationEntry {
    const { name: className, file, line, agentType } = agent;
    const known = { className, file, line, agentType };
    if ("skipped" in made)
      return this.#enter({ ...known, status: "skipped", ...nothing, reason: made.skipped });
    if ("failed" in made) return this.#enter({ ...known, status: "failed", ...nothing, reason: made.failed });
    try {
      this.#register(made.adapter);
    } catch (error) {
      const reason = describeError(error).message;
      return this.#enter({ ...known, status: "failed", ...nothing, reason });
    }
    this.#done.add(key);
    return this.#enter({ ...known, status: "migrated", ...registered(made.adapter), reason: null });
  }

  #register(adapter: UniversalAgentAdapter): void {
    this.registry.register(adapter);
    this.#names.add(adapter.metadata.name);
  }

  #enter(fields: Omit<MigrationEntry, "timestamp">): MigrationEntry {
    const entry = Object.freeze({ ...fields, timestamp: new Date().toISOString() });
    this.#log.push(entry);
    quietly(() => this.#options.onEntry?.(entry));
    return entry;
  }
}

const nothing = { agent: null, capabilities: [] } as const;
const registered = ({ metadata }: UniversalAgentAdapter) => ({
  agent: metadata.name,
  capabilities: metadata.capabilities,
});

function unusedFactories(
  agents: readonly DiscoveredAgent[],
  factories: CodebaseOptions["factories"],
): string[] {
  const used = new Set(agents.map((agent) => factoryOf(agent, factories)?.key));
  const unused = Object.keys(factories ?? {}).filter((key) => !used.has(key));
  return unused.map((key) => `The factory "${key}" fits no class of the index.`);
}

/** A listener must not end a migration. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // What it throws is dropped, as its documentation says.
  }
}
