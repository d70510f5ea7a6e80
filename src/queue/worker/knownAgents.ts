import { formatAgentRef } from "../../model/agentRef.ts";
import type { RemoteRun } from "../../model/remoteRun.ts";
import { Faults } from "../faults.ts";

export interface KnownAgentsOptions {
  /** FILE#Class of each agent of the workspace folder, as the index has them now. */
  index: () => Promise<string[]>;
  /** Which of them it takes runs of; by default all. */
  takes?: ((agent: string) => boolean) | undefined;
  /** Also runs that were started with another version of the agent's code. */
  anyCode?: boolean | undefined;
  /** The version of the code of a file here; null where it cannot be read. */
  codeOf: (file_path: string) => Promise<string | null>;
  /** Told once why the index could not be made anew, until it is another reason or that went well. */
  onFault?: ((message: string) => void) | undefined;
}

/** A run of an agent that is not known may be of one that was added since. */
const INDEX_AGAIN_MS = 10_000;

/** Which runs a worker takes. A run names its agent, never a path of its own: what was not indexed is not loaded. */
export class KnownAgents {
  readonly #options: KnownAgentsOptions;
  #agents: ReadonlySet<string> = new Set();
  #indexing: Promise<void> | null = null;
  #indexedAt = 0;
  #size = 0;
  readonly #faults: Faults;

  private constructor(options: KnownAgentsOptions) {
    this.#options = options;
    this.#faults = new Faults((message) => options.onFault?.(message));
  }

  static async open(options: KnownAgentsOptions): Promise<KnownAgents> {
    const known = new KnownAgents(options);
    await known.#index();
    return known;
  }

  /** How many agents it takes runs of. */
  get size(): number {
    return this.#size;
  }

  /** Why a run is not taken, to follow the name of the worker; null where it is. */
  async refusal({ agent: { file_path, name }, code }: RemoteRun): Promise<string | null> {
    const { takes, anyCode, codeOf } = this.#options;
    const agent = formatAgentRef({ file: file_path, name });
    if (!(await this.#has(agent))) return `has no agent ${agent} in its index`;
    if (takes?.(agent) === false) return `was told with --agents not to run ${agent}`;
    if (anyCode === true || code === undefined) return null;
    const here = await codeOf(file_path);
    if (here === code) return null;
    const found = here === null ? "cannot read it" : `has ${here}`;
    return `${found}, where the run was started with version ${code} of ${file_path}: bring its checkout up to date, or start it with --any-code`;
  }

  async #has(agent: string): Promise<boolean> {
    if (this.#agents.has(agent)) return true;
    if (Date.now() - this.#indexedAt > INDEX_AGAIN_MS)
      this.#indexing ??= this.#indexAgain().finally(() => (this.#indexing = null));
    await this.#indexing;
    return this.#agents.has(agent);
  }

  /** Where that fails, those that are known stay. */
  async #indexAgain(): Promise<void> {
    try {
      await this.#index();
      this.#faults.wellAgain();
    } catch (error) {
      this.#faults.add(error);
    }
  }

  async #index(): Promise<void> {
    const { index, takes = () => true } = this.#options;
    this.#indexedAt = Date.now();
    const agents = await index();
    this.#size = agents.filter((agent) => takes(agent)).length;
    this.#agents = new Set(agents);
  }
}
