export * from "./core/index.ts";
export { readAdapterMapping } from "./adapterMapping/read.ts";
export { FileCheckpointStore, type FileStoreOptions } from "./checkpoint/fileStore.ts";
export type {
  ForkOptions,
  Lineage,
  ManagedCheckpointStore,
  PruneOptions,
  PrunePolicy,
  PruneResult,
  RetentionOptions,
} from "./checkpoint/managedStore.ts";
export { MemoryCheckpointStore } from "./checkpoint/memoryStore.ts";
export { redact, type Redacted } from "./checkpoint/redact.ts";
export { parseCheckpoint, serializeCheckpoint, type SerializedCheckpoint } from "./checkpoint/serialize.ts";
export { SqliteCheckpointStore, type SqliteStoreOptions } from "./checkpoint/sqliteStore.ts";
export { prepareProjIntel } from "./files/projIntel.ts";
export { type MemoryAccess, MemoryAccessError } from "./memory/accessError.ts";
export type { AgentOrName } from "./memory/agentName.ts";
export type {
  AgentContext,
  ContextGetOptions,
  ContextGrant,
  ContextGrantFilter,
  ContextGrantRequest,
  ContextKey,
  ContextLoader,
  DescribeOptions,
  LoadedKey,
  LoaderContext,
  ProvideOptions,
  SharedContextEvents,
  SharedContextOptions,
} from "./memory/contextTypes.ts";
export { SharedContext } from "./memory/sharedContext.ts";
export { MemoryStore } from "./memory/store.ts";
export type {
  AgentMemory,
  GrantFilter,
  GrantRequest,
  ListOptions,
  MemoryEntry,
  MemoryEntryInfo,
  MemoryGrant,
  MemoryMatch,
  MemoryQuery,
  MemoryStoreOptions,
  NamespaceOptions,
  SetOptions,
  SharedMemory,
} from "./memory/types.ts";
export {
  type BusConnection,
  type ConnectOptions,
  MessageBus,
  type MessageBusOptions,
  type SubscribeOptions,
} from "./messaging/bus.ts";
export { UndeliveredError } from "./messaging/delivery.ts";
export type { Messages } from "./messaging/messageQueue.ts";
export type { PortLike } from "./messaging/port.ts";
export type { MatchingTopic, MessageOf, PatternOf, TopicOf } from "./messaging/topics.ts";
export { AgentMigrator } from "./migrator/migrator.ts";
export type {
  AgentRegistrar,
  CodebaseOptions,
  MigrationEntry,
  MigrationFactory,
  MigrationReport,
  MigratorOptions,
} from "./migrator/types.ts";
export { ParallelAgentExecutor } from "./parallel/executor.ts";
export type {
  AgentTask,
  AgentTasks,
  BatchEntry,
  BatchOptions,
  BatchResult,
  BatchSource,
  ExecutorMetrics,
  ExecutorOptions,
  ModuleOptions,
  ModuleReference,
  Percentiles,
  StoreFolder,
  ThreadLimits,
} from "./parallel/types.ts";
export { LifecycleManager } from "./lifecycle/manager.ts";
export type {
  AgentReport,
  LifecycleOptions,
  LifecycleReport,
  ManagedAgentOptions,
  SignalOptions,
  StartReport,
  StopReport,
} from "./lifecycle/types.ts";
export { ErrorPatternLearner, type LearnerOptions } from "./patterns/learner.ts";
export type {
  ErrorPattern,
  Evidence,
  Explanation,
  FoundSolution,
  ProposedSolution,
  Replaced,
  Solution,
  Why,
} from "./patterns/types.ts";
export { PerformanceMonitor } from "./performance/monitor.ts";
export type {
  AgentFigures,
  AgentToolFigures,
  DurationFigures,
  ExecutionFigures,
  ExecutionRecord,
  HeapFigures,
  PerformanceEvents,
  PerformanceMonitorOptions,
  PerformanceSnapshot,
  ProcessMemory,
  RateFigures,
  Threshold,
  ThresholdMetric,
  ThresholdRecord,
  ToolFigures,
  ToolRecord,
  Watchable,
} from "./performance/types.ts";
export { discoverAgents } from "./registry/discover.ts";
export { AgentRegistry, defaultRegistry } from "./registry/registry.ts";
export type {
  AgentQuery,
  AgentRegistryEvents,
  DiscoveredAgent,
  DiscoveredMethod,
  DiscoveredParameter,
  DiscoverOptions,
  Discovery,
} from "./registry/types.ts";
export { StoreError } from "./storeError.ts";
