/** Base of everything the night schedule starts. `start` is called once, `run` for each job. */
export default abstract class ScheduledAgent {
  protected startedAt: Date | null = null;

  start(): void {
    this.startedAt = new Date();
  }

  stop(): void {
    this.startedAt = null;
  }

  abstract run(job: unknown, options?: { signal?: AbortSignal }): unknown;
}
