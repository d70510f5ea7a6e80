import { spawn, type ChildProcess } from "node:child_process";
import { totalmem } from "node:os";
import { createBirpc, type BirpcReturn } from "birpc";
import { overProcess } from "../model/channel.ts";
import type { TypeChecker, TypeCheckReport } from "../model/typeCheck.ts";
import { UserError } from "../model/userError.ts";
import type { CheckEvents, CheckFunctions } from "./protocol.ts";

export interface TypeCheckOptions {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Absolute path of the check process's bundle. */
  processFile: string;
  /** The user's Node, and what it needs in its environment. */
  node: { path: string; env: Record<string, string> };
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Limit of its heap, in MiB. */
  memoryMb?: number;
}

interface Running {
  child: ChildProcess;
  rpc: BirpcReturn<CheckFunctions, CheckEvents>;
}

const WINDOWS = process.platform === "win32";
const MIB = 1024 * 1024;

/**
 * Hides the check process: it starts with the first check, keeps what it read for the next one, and starts anew after
 * an abort or a crash. Dispose it to let the process end.
 */
export class TypeCheckClient implements TypeChecker {
  readonly #options: TypeCheckOptions;
  readonly #memoryMb: number;
  #running: Running | null = null;
  #disposed = false;

  constructor(options: TypeCheckOptions) {
    this.#options = options;
    this.#memoryMb = options.memoryMb ?? Math.max(4096, Math.floor((totalmem() / MIB) * 0.75));
  }

  /** Rejects with the signal's reason as soon as it aborts, and with a UserError where the compiler cannot go on. */
  async check(files: readonly string[], signal?: AbortSignal): Promise<TypeCheckReport> {
    signal?.throwIfAborted();
    if (this.#disposed) throw new Error("The type checker was closed.");
    const running = (this.#running ??= this.#start());
    const abort = () => this.#end(running, signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await running.rpc.check(this.#options.root, files);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Checks while something else is still to be done: the next check of the same projects has little left to do. */
  prepare(files: readonly string[], signal?: AbortSignal): void {
    if (files.length > 0) this.check(files, signal).catch(() => undefined);
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#running !== null) this.#end(this.#running, new Error("The type checker was closed."));
  }

  #start(): Running {
    const { processFile, node, root, onProgress } = this.#options;
    const child = spawn(node.path, [`--max-old-space-size=${this.#memoryMb}`, processFile], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: "", ...node.env },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Leads a process group, which ends with a `tsc` that it runs.
      detached: !WINDOWS,
      windowsHide: true,
    });
    const events: CheckEvents = { progress: (done, total) => onProgress?.(done, total) };
    const rpc = createBirpc<CheckFunctions, CheckEvents>(events, overProcess(child));
    const running = { child, rpc };
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-10_000)));
    child.on("error", (error) =>
      this.#end(running, new UserError(`The type check could not be started: ${error.message}`)),
    );
    child.once("exit", (code, signal) =>
      this.#end(running, new UserError(crash(errors, signal ?? `code ${code ?? 0}`, this.#memoryMb))),
    );
    return running;
  }

  #end(running: Running, reason: Error): void {
    if (this.#running === running) this.#running = null;
    if (!running.rpc.$closed) running.rpc.$close(reason);
    kill(running.child);
  }
}

function crash(errors: string, how: string, memoryMb: number): string {
  return /heap out of memory|heap limit/i.test(errors)
    ? `The type check needs more than ${memoryMb} MB of memory: migrate fewer classes at a time, or without verifying.`
    : `The type check ended before its answer (${how}): try again, or migrate without verifying.`;
}

function kill(child: ChildProcess): void {
  const { pid } = child;
  if (WINDOWS || pid === undefined) return void child.kill("SIGKILL");
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // None of the group is left.
  }
}
