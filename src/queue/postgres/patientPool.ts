import { Client, Pool, type PoolClient, type PoolConfig } from "pg";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 1_000;

const heard = (): void => undefined;

/** Its errors are those of its queries, which tell them; without a listener of its own they would end the process, also once BullMQ has removed its listeners. */
class HeardClient extends Client {
  constructor(config?: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.on("error", heard);
  }

  override removeAllListeners(event?: string): this {
    super.removeAllListeners(event);
    return this.on("error", heard);
  }
}

/** Whoever asks again at once while the server is away is kept waiting: BullMQ's workers would ask thousands of times a second. */
export class PatientPool extends Pool {
  constructor(config: PoolConfig) {
    super({ keepAlive: true, connectionTimeoutMillis: 5_000, Client: HeardClient, ...config });
    // An idle connection broke: the next one is made when it is needed.
    this.on("error", () => undefined);
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Parameters<Pool["connect"]>[0]): void;
  override connect(callback?: Parameters<Pool["connect"]>[0]): Promise<PoolClient> | void {
    const connecting = super.connect().catch(async (error: unknown) => {
      await sleep(PATIENCE_MS);
      throw error;
    });
    if (callback === undefined) return connecting;
    connecting.then(
      (client) => callback(undefined, client, (release?: Error | boolean) => client.release(release)),
      (error: unknown) => callback(error as Error, undefined, () => undefined),
    );
  }
}
