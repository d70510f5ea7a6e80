export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code = "ECONNREFUSED";
}

let attempts = 0;

/** Copies a table to the replica. The replica wakes up slowly: the first two connections of a process are refused. */
export class ReplicaSyncAgent {
  async process(task: {
    table: string;
    rows?: number;
  }): Promise<{ table: string; copied: number; attempt: number }> {
    attempts += 1;
    if (attempts <= 2) throw new ConnectionError(`connect ECONNREFUSED 10.0.4.17:5432 (attempt ${attempts})`);
    return { table: task.table, copied: task.rows ?? 0, attempt: attempts };
  }
}
