import { indexSettingIds } from "../model/indexSettings.ts";
import { migrationSettingIds } from "../model/migrationSettings.ts";

/** Every id the manifest and the code share, once. test/unit/manifest.test.ts compares them with package.json both ways. */
export const Commands = {
  refresh: "opsviAgents.refresh",
  stopIndexing: "opsviAgents.stopIndexing",
  showLog: "opsviAgents.showLog",
  migrate: "opsviAgents.migrate",
  updateAdapter: "opsviAgents.updateAdapter",
  rewriteAgent: "opsviAgents.rewriteAgent",
  applyMigration: "opsviAgents.applyMigration",
  discardMigration: "opsviAgents.discardMigration",
  undoMigration: "opsviAgents.undoMigration",
  compareAdapter: "opsviAgents.compareAdapter",
  migrateWorkspace: "opsviAgents.migrateWorkspace",
  openMigrationChange: "opsviAgents.openMigrationChange",
  openMigrationChanges: "opsviAgents.openMigrationChanges",
  toggleMigration: "opsviAgents.toggleMigration",
  applyMigrations: "opsviAgents.applyMigrations",
  discardMigrations: "opsviAgents.discardMigrations",
  showMigrationReport: "opsviAgents.showMigrationReport",
  updateRuntime: "opsviAgents.updateRuntime",
  runTask: "opsviAgents.runTask",
  runPipeline: "opsviAgents.runPipeline",
  debugTask: "opsviAgents.debugTask",
  runSelected: "opsviAgents.runSelected",
  runTaskFile: "opsviAgents.runTaskFile",
  setSecret: "opsviAgents.setSecret",
  removeSecret: "opsviAgents.removeSecret",
  setTelemetryHeaders: "opsviAgents.setTelemetryHeaders",
  setQueuePassword: "opsviAgents.setQueuePassword",
  showWorkers: "opsviAgents.showWorkers",
  copyWorkerCommand: "opsviAgents.copyWorkerCommand",
  fetchCheckpoints: "opsviAgents.fetchCheckpoints",
  runEditedTask: "opsviAgents.runEditedTask",
  saveTask: "opsviAgents.saveTask",
  stopRun: "opsviAgents.stopRun",
  stopAllRuns: "opsviAgents.stopAllRuns",
  rerun: "opsviAgents.rerun",
  debugAgain: "opsviAgents.debugAgain",
  rerunWithEdits: "opsviAgents.rerunWithEdits",
  rerunUnsuccessful: "opsviAgents.rerunUnsuccessful",
  showBatch: "opsviAgents.showBatch",
  answerRun: "opsviAgents.answerRun",
  runWithFix: "opsviAgents.runWithFix",
  rerunLast: "opsviAgents.rerunLast",
  resumeRun: "opsviAgents.resumeRun",
  discardRun: "opsviAgents.discardRun",
  openRunLog: "opsviAgents.openRunLog",
  openRunResult: "opsviAgents.openRunResult",
  openRunCheckpoint: "opsviAgents.openRunCheckpoint",
  openSharedContext: "opsviAgents.openSharedContext",
  openRunSource: "opsviAgents.openRunSource",
  showOlderRuns: "opsviAgents.showOlderRuns",
  runTool: "opsviAgents.runTool",
  readTools: "opsviAgents.readTools",
  giveToolArguments: "opsviAgents.giveToolArguments",
  openToolAgent: "opsviAgents.openToolAgent",
  openMemory: "opsviAgents.openMemory",
  addMemory: "opsviAgents.addMemory",
  showMoreMemory: "opsviAgents.showMoreMemory",
  forgetMemory: "opsviAgents.forgetMemory",
  clearMemory: "opsviAgents.clearMemory",
  revokeGrant: "opsviAgents.revokeGrant",
  showCheckpoints: "opsviAgents.showCheckpoints",
  showAgentCheckpoints: "opsviAgents.showAgentCheckpoints",
  runFork: "opsviAgents.runFork",
  showErrorPatterns: "opsviAgents.showErrorPatterns",
  showPerformance: "opsviAgents.showPerformance",
  showCensus: "opsviAgents.showCensus",
  groupAgents: "opsviAgents.groupAgents",
  groupedByFolder: "opsviAgents.groupedByFolder",
  groupedByBase: "opsviAgents.groupedByBase",
  groupedByCapability: "opsviAgents.groupedByCapability",
  groupedByMigration: "opsviAgents.groupedByMigration",
  filterAgents: "opsviAgents.filterAgents",
  clearFilter: "opsviAgents.clearFilter",
  why: "opsviAgents.why",
  copyName: "opsviAgents.copyName",
  copyPath: "opsviAgents.copyPath",
  revealInExplorer: "opsviAgents.revealInExplorer",
  showFamilies: "opsviAgents.showFamilies",
} as const;
export type CommandId = (typeof Commands)[keyof typeof Commands];

export const Containers = {
  agents: "opsviAgents",
  runs: "opsviAgentRuns",
  tools: "opsviAgentTools",
} as const;
export const Views = {
  agents: "opsviAgents.agents",
  migration: "opsviAgents.migration",
  runs: "opsviAgents.runs",
  workers: "opsviAgents.workers",
  tools: "opsviAgents.tools",
  memory: "opsviAgents.memory",
} as const;

/** Webview panels; VS Code activates the extension by these to restore a panel after a reload. */
export const Panels = {
  checkpoints: "opsviAgents.checkpoints",
  errorPatterns: "opsviAgents.errorPatterns",
  census: "opsviAgents.census",
  families: "opsviAgents.families",
  migrationReport: "opsviAgents.migrationReport",
  batch: "opsviAgents.batch",
  performance: "opsviAgents.performance",
} as const;
export type PanelType = (typeof Panels)[keyof typeof Panels];

export const Contexts = {
  /** Paths of files with agents; components are left out, because theirs are neither run nor migrated. */
  agentPaths: "opsviAgents.agentPaths",
  /** Those of them with classes that have an adapter. */
  migratedPaths: "opsviAgents.migratedPaths",
  /** An `IndexState`. */
  indexState: "opsviAgents.indexState",
  /** A `Grouping`. */
  grouping: "opsviAgents.grouping",
  /** A `FilterState`. */
  filterState: "opsviAgents.filterState",
  /** Whether a migration of many classes is being prepared. */
  migrationPrepared: "opsviAgents.migrationPrepared",
  /** Whether runs of this window are at work. */
  runsAtWork: "opsviAgents.runsAtWork",
  /** Whether runs execute where the workers of a queue are. */
  queueUsed: "opsviAgents.queueUsed",
} as const;
export type { IndexState } from "../model/panelProtocol.ts";
/** Of the Agents view: no filter, one that finds agents, one that finds none. */
export type FilterState = "off" | "some" | "none";

export const Settings = {
  nodePath: "opsviAgents.nodePath",
  setupFile: "opsviAgents.setupFile",
  envFile: "opsviAgents.envFile",
  retention: "opsviAgents.checkpoints.retention",
  env: "opsviAgents.env",
  retries: "opsviAgents.run.retries",
  parallel: "opsviAgents.run.parallel",
  agentLimits: "opsviAgents.agentLimits",
  timeoutSeconds: "opsviAgents.run.timeoutSeconds",
  memoryMb: "opsviAgents.run.memoryMb",
  logMb: "opsviAgents.run.logMb",
  resultMb: "opsviAgents.run.resultMb",
  autoFix: "opsviAgents.autoFix.enabled",
  shareThreads: "opsviAgents.batch.shareThreads",
  codeLens: "opsviAgents.codeLens",
  engine: "opsviAgents.engine",
  queueUrl: "opsviAgents.queue.url",
  queueName: "opsviAgents.queue.name",
  telemetryEndpoint: "opsviAgents.telemetry.endpoint",
  telemetryContent: "opsviAgents.telemetry.content",
  ...indexSettingIds,
  ...migrationSettingIds,
} as const;

/** Types of tasks in tasks.json. */
export const TaskTypes = { agent: "agent" } as const;

/** As tasks name them. */
export const ProblemMatchers = { agents: "$opsvi-agents" } as const;

export const LanguageModelTools = { list: "opsvi_agents_list", run: "opsvi_agents_run" } as const;

export const McpProviders = { agents: "opsviAgents.mcp" } as const;

/** URI schemes of documents that exist in memory only. */
export const Schemes = {
  migration: "opsvi-agents-migration",
  parity: "opsvi-agents-parity",
  /** Of a migration of many classes. */
  migrations: "opsvi-agents-migrations",
  result: "opsvi-agents-result",
  /** A task that is edited as JSON. */
  task: "opsvi-agents-task",
  checkpoint: "opsvi-agents-checkpoint",
  /** Two checkpoints that are compared. */
  comparison: "opsvi-agents-comparison",
  /** State and task of a checkpoint, edited to go on from. */
  fork: "opsvi-agents-fork",
  /** The log of a run. */
  run: "opsvi-agents-run",
  /** What a step of a pipeline could read. */
  shared: "opsvi-agents-shared",
  /** What an agent remembers. */
  memory: "opsvi-agents-memory",
  /** The code of a solution. */
  fixCode: "opsvi-agents-fix",
} as const;

/** What tree rows carry in `viewItem`, for the `when` clauses of their menus; those of `agent.` can be run. */
export const RowContexts = {
  legacy: "agent.legacy",
  /** Legacy without a base class: it may become a BaseAgent itself. */
  baseless: "agent.legacy.baseless",
  migrated: "agent.migrated",
  /** Needs no migration. */
  made: "agent.made",
  /** Can neither be run nor migrated. */
  browsed: "browsedAgent",
  adapter: "adapterAgent",
  notes: "notes",
  folder: "folder",
  /** In the Tools view. */
  toolAgent: "toolAgent",
  /** A tool that can be run alone. */
  callable: "tool.callable",
  /** In the Memory view. */
  memoryAgent: "memory.agent",
  emptyNamespace: "memory.emptyNamespace",
  namespace: "memory.namespace",
  entry: "memory.entry",
  damaged: "memory.damaged",
  grant: "memory.grant",
  /** In the checklist of a migration: what has a difference to show. */
  ready: "ready",
} as const;
