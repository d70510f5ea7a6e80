export interface Step<Input, Output> {
  name: string;
  run(input: Input): Output;
}

/** Back-office work: validate the task, then do it, then keep a trace of what was done. */
export abstract class WorkflowAgent<Task, Outcome> {
  protected readonly trace: string[] = [];

  execute(task: Task): Outcome {
    const problem = this.validate(task);
    if (problem) throw new Error(`${this.constructor.name} rejected the task: ${problem}`);
    this.trace.push("validated");
    const outcome = this.perform(task);
    this.trace.push("performed");
    return outcome;
  }

  history(): readonly string[] {
    return this.trace;
  }

  protected abstract validate(task: Task): string | undefined;
  protected abstract perform(task: Task): Outcome;
}
