import { UserError } from "../../model/userError.ts";
import type { Engine } from "../engine.ts";
import { findNode } from "../nodeBinary.ts";
import { HostProcess } from "./hostProcess.ts";

/** Attaches a debugger to a process, given the address of its inspector. Rejects with a UserError where it cannot. */
export type Attach = (inspector: string) => Promise<void>;

export interface LocalEngineOptions {
  /** The bundle of the agent host. */
  hostFile: string;
  /** The setting opsviAgents.nodePath. */
  nodePath?: string | undefined;
  /** VS Code's own executable. */
  fallbackNode?: string | undefined;
  /** Called for each host before it takes its first run. */
  attach?: Attach | undefined;
}

/** Runs agents on this machine: one forked host for each workspace folder, started at its first run and replaced when it has crashed. */
export class LocalEngine implements Engine {
  readonly #options: LocalEngineOptions;
  /** The host that takes the next run of a folder. */
  readonly #current = new Map<string, Promise<HostProcess>>();
  /** Every host alive: a retired one may still be at work. */
  readonly #alive = new Set<HostProcess>();
  #disposed = false;

  constructor(options: LocalEngineOptions) {
    this.#options = options;
  }

  async worker(root: string): Promise<HostProcess> {
    for (;;) {
      const current = this.#current.get(root) ?? this.#start(root);
      this.#current.set(root, current);
      const host = await current.catch((error: unknown) => {
        this.#forget(root, current);
        throw error;
      });
      if (!host.closed) return host;
      this.#forget(root, current);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.allSettled(this.#current.values());
    await Promise.all([...this.#alive].map((host) => host.dispose()));
  }

  async #start(root: string): Promise<HostProcess> {
    const { hostFile, nodePath, fallbackNode, attach } = this.#options;
    const node = await findNode({ setting: nodePath, fallback: fallbackNode, cwd: root });
    if (this.#disposed) throw new UserError("The run was not started, because everything is closing.");
    const host = new HostProcess(hostFile, root, node, attach !== undefined);
    this.#alive.add(host);
    void host.ended.then(() => this.#alive.delete(host));
    if (attach !== undefined) await debugged(host, attach);
    return host;
  }

  #forget(root: string, host: Promise<HostProcess>): void {
    if (this.#current.get(root) === host) this.#current.delete(root);
  }
}

/** A host without its debugger would run past the breakpoints: it takes no run. */
async function debugged(host: HostProcess, attach: Attach): Promise<void> {
  try {
    await attach(await host.inspect());
  } catch (error) {
    await host.dispose();
    throw error;
  }
}
