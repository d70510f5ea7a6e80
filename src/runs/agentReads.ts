import { join } from "node:path";
import { v7 as uuid } from "uuid";
import type { Outcome, ReadRequest } from "../model/hostProtocol.ts";
import { usualLimits } from "../model/runLimits.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import { LocalEngine, type LocalEngineOptions } from "./local/localEngine.ts";

/** Which agent is asked what it says of itself. */
export interface ReadQuestion {
  /** Absolute path of the workspace folder. */
  root: string;
  record: { file_path: string; name: string };
  /** Constructor arguments: an agent has to be made to be asked. */
  args: unknown[];
  signal?: AbortSignal | undefined;
}

/** How long an agent may take to be loaded and made. */
export const longestReadMs = 10_000;

/** Makes agents, each in a process of its own that ends with the answer, and reads what they say of themselves. */
export class AgentReads {
  readonly #options: (root: string) => LocalEngineOptions;
  readonly #surroundings: FindSurroundings;
  readonly #engines = new Set<LocalEngine>();

  constructor(
    options: (root: string) => LocalEngineOptions,
    surroundings: FindSurroundings = usualSurroundings,
  ) {
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** Rejects with a UserError where no process can be started. */
  async ask({ root, record, args, signal }: ReadQuestion, reads: ReadRequest["reads"]): Promise<Outcome> {
    const engine = new LocalEngine(this.#options(root));
    this.#engines.add(engine);
    const end = () => void engine.dispose();
    signal?.addEventListener("abort", end);
    try {
      const around = await this.#surroundings(root);
      const worker = await engine.worker(root);
      const { name, file_path } = record;
      const request = { root, file: join(root, file_path), name, args, task: null };
      const read = { runId: uuid(), ...usualLimits, timeoutMs: longestReadMs, reads };
      return await worker.run({ ...request, ...around, ...read }, () => undefined);
    } finally {
      signal?.removeEventListener("abort", end);
      await engine.dispose();
      this.#engines.delete(engine);
    }
  }

  /** Ends every process. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#engines].map((engine) => engine.dispose()));
  }
}
