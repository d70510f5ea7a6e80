import { spawn, type ChildProcess } from "node:child_process";
import { createBirpc, type BirpcReturn } from "birpc";
import { overProcess } from "../../model/channel.ts";
import type {
  HostEvent,
  HostEvents,
  HostFunctions,
  HostRequest,
  LiveState,
  Outcome,
} from "../../model/hostProtocol.ts";
import type { Answer } from "../../model/runRecord.ts";
import type { EngineWorker } from "../engine.ts";
import { hostEnvironment } from "../hostEnvironment.ts";
import type { NodeBinary } from "../nodeBinary.ts";

/** The host ends a run it was told to cancel within 2 s; a host that does not is killed. */
const CANCEL_MS = 2_000;
/** How long messages may still arrive after the process has ended. */
const DRAIN_MS = 500;
const STDERR_TAIL = 2_000;
const WINDOWS = process.platform === "win32";

/** A forked agent host. Ends as soon as it is retired and idle, or disposed. */
export class HostProcess implements EngineWorker {
  readonly node: string;
  /** Resolves when the process is gone, or could not be started. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #host: BirpcReturn<HostFunctions, HostEvents>;
  readonly #runs = new Map<string, (event: HostEvent) => void>();
  #stderr = "";
  #retired = false;
  #end: string | null = null;

  /** @param inspected whether its inspector will be opened */
  constructor(hostFile: string, root: string, node: NodeBinary, inspected: boolean) {
    this.node = node.version;
    // Whoever knows the address can run code in the process: other users of the machine are not told it.
    const options = inspected ? ["--inspect-publish-uid=stderr"] : [];
    this.#child = spawn(node.path, [...options, hostFile], {
      cwd: root,
      env: hostEnvironment(process.env, node.env),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Leads a process group, which ends with what the agents started; Ctrl+C in a terminal does not reach it.
      detached: !WINDOWS,
      windowsHide: true,
    });
    const events: HostEvents = {
      event: (runId, event) => this.#runs.get(runId)?.(event),
      retire: () => void (this.#retired = true),
    };
    this.#host = createBirpc<HostFunctions, HostEvents>(events, overProcess(this.#child));
    this.#readOutput();
    this.ended = this.#watch();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** No further run may start here. */
  get closed(): boolean {
    return this.#retired || this.#end !== null;
  }

  async run(request: HostRequest, onEvent: (event: HostEvent) => void): Promise<Outcome> {
    const startedAt = performance.now();
    // What was written before is of no run.
    if (this.#runs.size === 0) this.#stderr = "";
    this.#runs.set(request.runId, onEvent);
    try {
      const { outcome, last } = await this.#host.run(request);
      for (const event of last) onEvent(event);
      return outcome;
    } catch (error) {
      if (this.#end === null) throw error;
      const durationMs = Math.round(performance.now() - startedAt);
      const { message, stack } = { message: this.#end, stack: this.#stderr.trim() };
      return {
        status: "interrupted",
        error: { name: "InterruptedError", message, ...(stack !== "" && { stack: `${message}\n${stack}` }) },
        checkpointId: null,
        attempts: 1,
        durationMs,
        warnings: [],
      };
    } finally {
      this.#runs.delete(request.runId);
      if (this.#retired && this.#runs.size === 0) this.#kill();
    }
  }

  /** The address that a debugger can be attached at. */
  inspect(): Promise<string> {
    return this.#host.inspect();
  }

  async cancel(runId: string): Promise<void> {
    if (!this.#runs.has(runId) || this.#end !== null) return;
    const timer = setTimeout(() => this.#kill(), CANCEL_MS);
    // Rejects where the process ends first, and the run with it.
    await this.#host.cancel(runId).catch(() => undefined);
    clearTimeout(timer);
  }

  answer(runId: string, answer: Answer): Promise<boolean> {
    // Rejects where the process ends first.
    return this.#host.answer(runId, answer).catch(() => false);
  }

  liveState(runId: string): Promise<LiveState | null> {
    return this.#host.liveState(runId).catch(() => null);
  }

  async dispose(): Promise<void> {
    this.#end ??= "interrupted (closed while running)";
    this.#kill();
    await this.ended;
  }

  /** Also what agents started and did not detach. */
  #kill(): void {
    const { pid } = this.#child;
    if (WINDOWS || pid === undefined) return void this.#child.kill("SIGKILL");
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // None of the group is left.
    }
  }

  /** What is written past the threads (native code, child processes) belongs to a run only where there is just one. */
  #readOutput(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      this.#child[stream]?.setEncoding("utf8").on("data", (text: string) => {
        if (stream === "stderr") this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
        const [only, ...others] = this.#runs.values();
        if (others.length === 0) only?.({ type: "log", stream, text });
      });
    }
  }

  async #watch(): Promise<void> {
    await new Promise<void>((resolve) => {
      // Also heard later: a message that cannot be sent to a dying process is an error of no consequence.
      this.#child.on("error", (error) => {
        if (this.#child.pid !== undefined) return;
        this.#end ??= `The agent host could not be started: ${error.message}`;
        resolve();
      });
      this.#child.once("exit", (code, signal) => {
        this.#end ??= `interrupted (host crashed): the process of the agents ended with ${signal ?? `code ${code ?? 0}`}`;
        this.#kill();
        const timer = setTimeout(resolve, DRAIN_MS);
        const drained = () => {
          clearTimeout(timer);
          setImmediate(resolve);
        };
        // Comes after the last message has been read.
        if (this.#child.connected) this.#child.once("disconnect", drained);
        else drained();
      });
    });
    this.#host.$close();
  }
}
