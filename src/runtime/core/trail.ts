import type { CheckpointStore } from "./checkpointStore.ts";
import { AgentUsageError } from "./errors.ts";
import type { Executable } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { RecordedAnswer } from "./question.ts";
import type { Report } from "./report.ts";
import { versionField } from "./restoring.ts";
import { AgentState } from "./state.ts";

/** What the checkpoints of an execution have in common. */
export interface TrailOptions {
  agent: Executable;
  store: CheckpointStore | undefined;
  runId: string | null;
  /** The checkpoint that this execution follows. */
  parentId: string | null;
  /** What the agent is asked to do, now. */
  task: () => unknown;
  /** What was answered so far. */
  answers: () => RecordedAnswer[];
  report: Report;
}

/** The checkpoints of one execution, each following the one before. */
export class Trail {
  readonly #options: TrailOptions;
  #startId: string | null = null;
  #newestId: string | null;

  constructor(options: TrailOptions) {
    this.#options = options;
    this.#newestId = options.parentId;
  }

  /** The checkpoint made before the agent's code ran: what the execution can be rolled back to. */
  get startId(): string | null {
    return this.#startId;
  }

  /** The last checkpoint that was made, the one that the execution follows included. */
  get newest(): { store: CheckpointStore; id: string } | null {
    const { store } = this.#options;
    return store === undefined || this.#newestId === null ? null : { store, id: this.#newestId };
  }

  /** Made before the agent's code runs; throws where it cannot be saved. */
  start(before: Moment): void {
    this.#startId = this.#save("started", AgentState.BUSY, before);
  }

  /** One that the agent's code asks for; throws where it cannot be saved. */
  save(label: string | null): string | null {
    const { report } = this.#options;
    if (report.over) throw new AgentUsageError("A checkpoint was asked for after the execution had ended.");
    return this.#save(label, AgentState.BUSY, this.#now());
  }

  /** A person's answer must not be lost: saved at once. */
  answered(): void {
    this.#options.report.try("The answer was not saved", () => this.save("answer"));
  }

  /** The execution succeeded. */
  complete(): void {
    const save = () => this.#save("completed", AgentState.READY, this.#now());
    this.#options.report.try("The completed execution has no checkpoint", save);
  }

  /** The agent was returned to the state of the start. */
  rollBack(before: Moment): void {
    if (this.#startId === null) return;
    this.#newestId = this.#startId;
    const save = () => this.#save("rollback", AgentState.ERROR, before);
    this.#options.report.try("The rollback has no checkpoint", save);
  }

  #now(): Pick<Moment, "context" | "unkept"> {
    return this.#options.store === undefined ? { context: null, unkept: [] } : this.#options.agent.moment();
  }

  #save(
    label: string | null,
    state: AgentState,
    { context, unkept }: Pick<Moment, "context" | "unkept">,
  ): string | null {
    const { agent, store, runId, task, report } = this.#options;
    if (store === undefined) return null;
    const answers = this.#options.answers();
    const { id, lost } = store.save({
      agent: agent.metadata.name,
      agentType: agent.metadata.agentType,
      label,
      state,
      context,
      task: task(),
      parentId: this.#newestId,
      runId,
      ...versionField(agent),
      ...(answers.length === 0 ? {} : { answers }),
    });
    this.#newestId = id;
    const left = [...unkept, ...lost];
    if (left.length > 0) report.warn(`The checkpoints of this execution do not keep ${left.join(", ")}.`);
    report.emit({ type: "checkpoint", id, label });
    return id;
  }
}
