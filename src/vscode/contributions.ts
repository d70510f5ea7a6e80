import { indexSettingIds } from "../model/indexSettings.ts";

/** Every id the manifest and the code share, once. test/unit/manifest.test.ts compares them with package.json both ways. */
export const Commands = {
  refresh: "opsviAgents.refresh",
  stopIndexing: "opsviAgents.stopIndexing",
  showLog: "opsviAgents.showLog",
  migrate: "opsviAgents.migrate",
  applyMigration: "opsviAgents.applyMigration",
  discardMigration: "opsviAgents.discardMigration",
  undoMigration: "opsviAgents.undoMigration",
  runTask: "opsviAgents.runTask",
  showCheckpoints: "opsviAgents.showCheckpoints",
  showErrorPatterns: "opsviAgents.showErrorPatterns",
} as const;
export type CommandId = (typeof Commands)[keyof typeof Commands];

export const Containers = { agents: "opsviAgents" } as const;
export const Views = { agents: "opsviAgents.agents" } as const;

/** Webview panels; VS Code activates the extension by these to restore a panel after a reload. */
export const Panels = {
  checkpoints: "opsviAgents.checkpoints",
  errorPatterns: "opsviAgents.errorPatterns",
} as const;
export type PanelType = (typeof Panels)[keyof typeof Panels];

export const Contexts = {
  /** File paths that hold at least one agent class. */
  agentPaths: "opsviAgents.agentPaths",
  /** An `IndexState`. */
  indexState: "opsviAgents.indexState",
} as const;
export type IndexState = "idle" | "indexing" | "ready" | "stopped" | "failed";

export const Settings = {
  nodePath: "opsviAgents.nodePath",
  retries: "opsviAgents.run.retries",
  timeoutSeconds: "opsviAgents.run.timeoutSeconds",
  ...indexSettingIds,
} as const;

/** URI schemes of documents that exist in memory only. */
export const Schemes = {
  migration: "opsvi-agents-migration",
  result: "opsvi-agents-result",
  checkpoint: "opsvi-agents-checkpoint",
} as const;

/** What tree rows of agents carry in `viewItem`, for the `when` clauses of their menus. */
export const RowContexts = {
  legacy: "agent.legacy",
  migrated: "agent.migrated",
  /** Can neither be run nor migrated. */
  abstract: "abstractAgent",
} as const;
