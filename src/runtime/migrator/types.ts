import type { AdapterMapping, AdapterOptions, AgentLike, LegacyClass } from "../core/index.ts";
import type { AbortSignalLike } from "../core/index.ts";
import type { DiscoveredAgent } from "../registry/types.ts";

/** What takes the wrapped agents; an AgentRegistry is one. */
export interface AgentRegistrar {
  /** Adds an agent; throws where it cannot, for example because the name is taken. */
  register(agent: AgentLike): unknown;
}

/** One class that was migrated or not, as plain data. */
export interface MigrationEntry {
  /** Whether there is an adapter now; "skipped" where there is nothing to migrate, "failed" where there should be. */
  readonly status: "migrated" | "skipped" | "failed";
  /** The name of the class or factory. */
  readonly className: string;
  /** As the index has it, relative to its folder; null where the class came from a program. */
  readonly file: string | null;
  /** The line of the class, from 1; 0 where that is not known. */
  readonly line: number;
  /** A free category. */
  readonly agentType: string;
  /** The name of the adapter, under which it is registered; null where there is none. */
  readonly agent: string | null;
  /** What the adapter can do; empty where there is none. */
  readonly capabilities: readonly string[];
  /** Why it was skipped or failed, in one sentence; null where it was migrated. */
  readonly reason: string | null;
  /** When, as ISO 8601. */
  readonly timestamp: string;
}

/** What {@link AgentMigrator.migrateCodebase} did. `migrated + skipped + failed` is `total`. */
export interface MigrationReport {
  /** How many classes the index names. */
  readonly total: number;
  /** How many of them have an adapter now. */
  readonly migrated: number;
  /** How many of them there was nothing to do for. */
  readonly skipped: number;
  /** How many of them could not be migrated. */
  readonly failed: number;
  /** One for each class, in the order of the index. */
  readonly entries: readonly MigrationEntry[];
  /** One sentence each: lines of the index that could not be read, factories that fit no class. */
  readonly warnings: readonly string[];
  /** The signal ended it early; what was left is skipped. */
  readonly aborted: boolean;
}

/** Makes the legacy agent of a class whose constructor needs arguments. */
export type MigrationFactory = (type: LegacyClass, agent: DiscoveredAgent) => object | PromiseLike<object>;

/** How an {@link AgentMigrator} works. */
export interface MigratorOptions<Registry extends AgentRegistrar = AgentRegistrar> {
  /** What takes the adapters; by default a new AgentRegistry. */
  registry?: Registry | undefined;
  /** Given to every adapter, for example `checkpoints` and `retry`. */
  adapter?: Partial<AdapterOptions> | undefined;
  /** Told of each entry of the log; what it throws is dropped. */
  onEntry?: ((entry: MigrationEntry) => void) | undefined;
}

/** What is migrated, and how its classes are loaded and made. */
export interface CodebaseOptions {
  /** The folder that the paths of the index are relative to, and that no class may lie outside of. Default: the current one. */
  root?: string | undefined;
  /** The index. Default: `.proj-intel/agent_architecture.jsonl` in `root`. */
  indexFile?: string | undefined;
  /**
   * Loads a module: the absolute path of its file to what it exports, or a promise of that. By default Node imports it, which
   * runs TypeScript as far as this Node does.
   */
  load?: ((file: string, agent: DiscoveredAgent) => unknown) | undefined;
  /** Makes the agents of classes whose constructors need arguments, by class name or by `path#ClassName`. */
  factories?: Readonly<Record<string, MigrationFactory>> | undefined;
  /** Classes that it answers false for are skipped. */
  filter?: ((agent: DiscoveredAgent) => boolean) | undefined;
  /** How the agents of each class are called. Default: `.proj-intel/adapters.json` in `root`, where there is one. */
  mapping?: AdapterMapping | undefined;
  /** How long loading and making one agent may take, in milliseconds; longer is a failure. Default 60,000. */
  timeoutMs?: number | undefined;
  /** Ends the migration when it aborts: the classes that are left are skipped. */
  signal?: AbortSignalLike | undefined;
  /** Told of each class when it is done, and how many of how many are. What it throws is dropped. */
  onProgress?: ((entry: MigrationEntry, done: number, total: number) => void) | undefined;
}
