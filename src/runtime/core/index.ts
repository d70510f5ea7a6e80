export type { AbortSignalLike, NativeAbortSignal } from "./abort.ts";
export { BaseAgent, isAgent } from "./agent.ts";
export type { AgentLike } from "./agentLike.ts";
export { UniversalAgentAdapter } from "./adapter/adapter.ts";
export type { NamedParameter, ParameterOption } from "./adapter/arguments.ts";
export type {
  AdapterMapping,
  ArgumentSource,
  ClassMapping,
  ConstantArgument,
  FailedWhenMapping,
  FailureField,
  SnapshotFields,
  SnapshotMapping,
  SnapshotMethods,
} from "./adapter/mapping.ts";
export type { AdapterOptions } from "./adapter/options.ts";
export type { LegacyClass, LegacyFactory, LegacySource } from "./adapter/source.ts";
export type {
  Checkpoint,
  CheckpointDraft,
  CheckpointStore,
  CheckpointSummary,
  LatestOptions,
} from "./checkpointStore.ts";
export type { Clock } from "./clock.ts";
export { type CapabilityName, capabilityOf, executionMethod } from "./dispatch.ts";
export {
  AgentUsageError,
  type ErrorInfo,
  ExecutionAbortedError,
  ReportedFailureError,
  TaskValidationError,
} from "./errors.ts";
export type {
  AgentEvent,
  AgentObserver,
  AnswerEvent,
  CheckpointEvent,
  ProgressEvent,
  QuestionEvent,
  RetryEvent,
  ToolEvent,
  UsageEvent,
} from "./events.ts";
export type { Moment } from "./execution.ts";
export { Histogram, type HistogramData } from "./histogram.ts";
export { AgentMetadata, type AgentMetadataInit } from "./metadata.ts";
export type {
  Answer,
  Answerer,
  AnswerTo,
  ApproveQuestion,
  Asker,
  ChooseQuestion,
  Question,
  RecordedAnswer,
  TextQuestion,
} from "./question.ts";
export type { RetryPolicy } from "./retry.ts";
export type { SharedValues } from "./sharedValues.ts";
export type {
  StandardFailure,
  StandardIssue,
  StandardPathSegment,
  StandardProperties,
  StandardResult,
  StandardSchema,
  StandardSuccess,
  StandardTypes,
} from "./standardSchema.ts";
export { AgentState } from "./state.ts";
export {
  type RefusalReason,
  ToolParametersError,
  ToolRefusedError,
  ToolTimeoutError,
} from "./tools/errors.ts";
export { ToolRegistry } from "./tools/registry.ts";
export type {
  SharedTools,
  ToolCall,
  ToolCaller,
  ToolCallOptions,
  ToolContext,
  ToolDescription,
  ToolFunction,
  ToolInfo,
  ToolOptions,
  ToolRefusal,
  ToolStats,
} from "./tools/types.ts";
export type {
  AgentOptions,
  ErrorContext,
  ErrorRecorder,
  ExecuteOptions,
  ExecutionContext,
  FailedResult,
  Result,
  SuccessResult,
  Usage,
} from "./types.ts";
