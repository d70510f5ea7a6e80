import { isDeepStrictEqual } from "node:util";
import { v7 as uuid } from "uuid";
import type { HostEvent, Outcome, SideRequest } from "../model/hostProtocol.ts";
import { ParitySide, type AdapterSource, type ParityRun, type ParityTask } from "../model/parity.ts";
import { limitsWith } from "../model/runLimits.ts";
import { UserError } from "../model/userError.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import { LocalEngine, type LocalEngineOptions } from "./local/localEngine.ts";

export interface ParityRequest {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Absolute path of the module of the class. */
  file: string;
  name: string;
  adapter: AdapterSource;
  tasks: readonly ParityTask[];
  /** For each execution; default: none. */
  timeoutMs?: number | undefined;
  /** Limit of the heap of each execution, in MiB; default 1024. */
  memoryMb?: number | undefined;
}

type Side = SideRequest["side"];

export interface ParityListener {
  signal?: AbortSignal | undefined;
  /** An execution begins. */
  onSide?: (side: Side, task: number) => void;
  onEvent?: (side: Side, event: HostEvent) => void;
}

/**
 * Executes classes and their adapters with the same tasks, each time in a thread of its own with modules of its own.
 * Nothing is recorded: no runs, checkpoints or errors.
 */
export class ParityRunner {
  readonly #engine: LocalEngine;
  readonly #surroundings: FindSurroundings;

  constructor(options: LocalEngineOptions, surroundings: FindSurroundings = usualSurroundings) {
    this.#surroundings = surroundings;
    this.#engine = new LocalEngine(options);
  }

  /** One task after the other, with the environment and the setup file of runs. Rejects with a UserError for a wrong request, and with the reason of the signal. */
  async *run(request: ParityRequest, listener: ParityListener = {}): AsyncGenerator<ParityRun> {
    for (const [index, task] of request.tasks.entries()) {
      const execute = (side: Side) => {
        listener.onSide?.(side, index);
        return this.#execute(request, task, side, listener);
      };
      const legacy = await execute("legacy");
      const adapter = await execute("adapter");
      const again = isDeepStrictEqual({ ...legacy, durationMs: 0 }, { ...adapter, durationMs: 0 })
        ? null
        : await execute("legacy");
      yield { ...task, legacy, adapter, again };
    }
  }

  /** Ends every process. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  async #execute(
    { root, file, name, adapter, ...limits }: ParityRequest,
    { task, args }: ParityTask,
    side: Side,
    { signal, onEvent }: ParityListener,
  ): Promise<ParitySide> {
    signal?.throwIfAborted();
    const around = await this.#surroundings(root);
    const worker = await this.#engine.worker(root);
    const runId = uuid();
    const cancel = () => void worker.cancel(runId);
    signal?.addEventListener("abort", cancel);
    try {
      signal?.throwIfAborted();
      const asked = { runId, root, file, name, task, args, ...limitsWith(limits), ...around };
      const request = { ...asked, adapter, side };
      const outcome = await worker.run(request, (event) => onEvent?.(side, event));
      signal?.throwIfAborted();
      return sideOf(outcome);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }
}

function sideOf({ status, error, output, durationMs }: Outcome): ParitySide {
  if (status === "success") return ParitySide.parse(output);
  const { name, message } = error ?? { name: "Error", message: `It ended as ${status}.` };
  if (name === "UserError") throw new UserError(message);
  return { end: "stopped", error: { $class: name, message }, unseen: [], durationMs };
}
