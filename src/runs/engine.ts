import type { Answer } from "../model/runRecord.ts";
import type { HostEvent, LiveState, Outcome, RunRequest } from "../model/hostProtocol.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { PipelineLine } from "../model/remotePipeline.ts";

/** Where runs execute. */
export interface Engine {
  /** A process that can run agents of this workspace folder. Rejects with a UserError where there can be none. */
  worker(root: string): Promise<EngineWorker>;
  /** Ends every run as interrupted, and every process. */
  dispose(): Promise<void>;
  /** Has pipelines go on, whoever started them. Without it, the process that started one begins its steps. */
  readonly pipelines?: PipelineQueue | undefined;
}

export interface PipelineQueue {
  /**
   * Answers with how a pipeline ended, without its results; null where it resumes one that is not in the queue. Its steps are runs
   * of the queue: they are followed as such.
   * @param read is not called where it resumes one
   * @param hear told each line of its log, from the first one on
   */
  run(
    request: RunRequest,
    read: () => Promise<Pipeline>,
    hear: (line: PipelineLine) => void,
  ): Promise<Outcome | null>;
  /** No further step begins, and those that were begun are cancelled. Resolves once that is so. */
  cancel(runId: string): Promise<void>;
  /** To be called when a step was cancelled: the queue lets go of it, and what is next begins, where that may be. Never rejects. */
  stepCancelled(runId: string, step: string): Promise<void>;
}

export interface EngineWorker {
  readonly pid: number;
  /** Its Node version. */
  readonly node: string;
  /** It tells `started` by itself, once the run is at work somewhere, and again where another machine takes it over. */
  readonly tellsStart?: boolean;
  /** Always resolves; as "interrupted" where the process ends first. */
  run(request: RunRequest, onEvent: (event: HostEvent) => void): Promise<Outcome>;
  /** Abort signal, then the thread, then the process. Resolves once the run has ended. */
  cancel(runId: string): Promise<void>;
  /** Gives the run the answer to its open question; answers false where it waits for none. */
  answer(runId: string, answer: Answer): Promise<boolean>;
  /** What a checkpoint of the run would keep now; null where its agent cannot be asked. */
  liveState(runId: string): Promise<LiveState | null>;
}
