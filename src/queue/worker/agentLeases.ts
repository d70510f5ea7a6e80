import { formatAgentRef } from "../../model/agentRef.ts";
import type { LimitedAgents } from "../../model/limitedAgents.ts";
import { slug } from "../../runtime/files/slug.ts";
import type { SharedFiles } from "../sharedFiles.ts";

/** The leases of a worker that died are free again after so long. */
const LASTS_MS = 30_000;
/** As good as at once. */
const GONE_MS = 1;

export interface Lease {
  end(): Promise<void>;
}

/** Sees to it that of agents with a limit no more runs are at work than that, on all workers that were given the same limits together. */
export class AgentLeases {
  readonly #files: SharedFiles;
  readonly #limited: LimitedAgents;
  readonly #worker: Uint8Array;
  /** What this worker holds: name and tag. */
  readonly #held = new Map<string, string>();

  constructor(files: SharedFiles, limited: LimitedAgents, worker: string) {
    this.#files = files;
    this.#limited = limited;
    this.#worker = Buffer.from(worker);
  }

  /** "unlimited" where the agent has no limit; null where all that there are of it are taken. */
  async take(agent: { file_path: string; name: string }): Promise<Lease | "unlimited" | null> {
    const most = this.#limited.most(agent);
    if (most === undefined) return "unlimited";
    const folder = `leases/${slug(formatAgentRef({ file: agent.file_path, name: agent.name }))}`;
    const taken = new Set(await this.#files.list(folder));
    for (let place = 0; place < most; place += 1) {
      const name = `${folder}/${place}`;
      if (taken.has(name)) continue;
      const tag = await this.#files.put(name, this.#worker, { lastsMs: LASTS_MS, over: null });
      if (tag === null) continue;
      this.#held.set(name, tag);
      return {
        end: async () => {
          if (this.#held.delete(name)) await this.#free(name, tag);
        },
      };
    }
    return null;
  }

  /** To be called every few seconds. What ran out meanwhile and was given to another worker is that one's to end. */
  async renew(): Promise<void> {
    for (const [name, tag] of this.#held) {
      const put = (over: string | null) => this.#files.put(name, this.#worker, { lastsMs: LASTS_MS, over });
      const renewed = (await put(tag)) ?? (this.#held.has(name) ? await put(null) : null);
      if (renewed === null) this.#held.delete(name);
      // It ended meanwhile.
      else if (!this.#held.has(name)) await this.#free(name, tag);
    }
  }

  /** One that another worker has by now stays: files are removed whoever wrote them, and replaced only where they are the same. */
  async #free(name: string, tag: string): Promise<void> {
    await this.#files.put(name, this.#worker, { lastsMs: GONE_MS, over: tag });
  }
}
