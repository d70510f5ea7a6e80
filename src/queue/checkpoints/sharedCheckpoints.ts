import pLimit from "p-limit";
import { parseCheckpoint, type CheckpointSummary } from "../../runtime/index.ts";
import { idShape } from "../../runtime/checkpoint/idShape.ts";
import { newestFirst, summaryOf } from "../../runtime/checkpoint/listing.ts";
import { CheckpointLine } from "../../runtime/checkpoint/schema.ts";
import { slug } from "../../runtime/files/slug.ts";
import { UserError } from "../../model/userError.ts";
import { carriedMebibytes, isCarried } from "../carried.ts";
import type { SharedFiles } from "../sharedFiles.ts";

const DAY_MS = 86_400_000;
/** Long enough to resume a run after holidays. */
const LASTS_MS = 30 * DAY_MS;
const READ_TOGETHER = 32;

/** The payloads, each as a folder of machines has it in `checkpoints/<agent>/<id>.json`. */
const payloadsOf = (agentSlug: string): string => `checkpoints/${agentSlug}`;
/** What is listed of a checkpoint: with its payload beside it, a save writes these two files. */
const summaryFile = (id: string): string => `checkpointOf/${id}`;
/** The names of agents, by what their folders are called. */
const AGENTS = "checkpointAgents";

/** The checkpoints that all machines share. They are gone after thirty days. Calls reject with a UserError where the server stays away. */
export class SharedCheckpoints {
  readonly #files: SharedFiles;
  /** When it was last told that an agent has checkpoints, by slug. */
  readonly #told = new Map<string, number>();

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  /**
   * Keeps a checkpoint.
   * @param bytes UTF-8 JSON of all of it, with its hash
   * Rejects with a UserError where it is larger than what is carried; only that there was one is kept then.
   */
  async put(summary: CheckpointSummary, bytes: Uint8Array): Promise<void> {
    const { id, agent } = summary;
    const line: CheckpointLine = { ...summaryOf(summary), bytes: bytes.length };
    await this.#tellAgent(agent);
    const carried = isCarried(bytes.length);
    await Promise.all([
      this.#files.put(summaryFile(id), Buffer.from(JSON.stringify(line)), { lastsMs: LASTS_MS }),
      carried && this.#files.put(payloadFile(slug(agent), id), bytes, { lastsMs: LASTS_MS }),
    ]);
    if (!carried) throw tooLarge(agent);
  }

  /** The payload; null where there is none. Rejects with a UserError where it was too large to be carried. */
  async read(id: string): Promise<Uint8Array | null> {
    const line = await this.#line(id);
    if (line === null) return null;
    const file = await this.#files.get(payloadFile(slug(line.agent), id));
    if (file === null && !isCarried(line.bytes)) throw tooLarge(line.agent);
    return file?.bytes ?? null;
  }

  /** The newest first, of one agent or of all. No checkpoint is read. */
  async ids(agent?: string): Promise<string[]> {
    const ids = await Promise.all((await this.#slugs(agent)).map((each) => this.#idsIn(each)));
    return ids.flat().sort().reverse();
  }

  /** Of a checkpoint whose payload is there too; null where nothing of it can be read. */
  async summary(agent: string, id: string): Promise<CheckpointSummary | null> {
    const line = await this.#summary(slug(agent), id);
    return line?.agent === agent ? line : null;
  }

  /** The newest first, of one agent or of all. */
  async list(agent?: string): Promise<CheckpointSummary[]> {
    const slugs = await this.#slugs(agent);
    const together = pLimit(READ_TOGETHER);
    const found = await Promise.all(
      slugs.map(async (each) =>
        Promise.all((await this.#idsIn(each)).map((id) => together(() => this.#summary(each, id)))),
      ),
    );
    return found
      .flat()
      .filter((summary) => summary !== null && (agent === undefined || summary.agent === agent))
      .map((summary) => summary as CheckpointSummary)
      .sort(newestFirst);
  }

  /** The names of the agents that have checkpoints, sorted. */
  async agents(): Promise<string[]> {
    const agents = await this.#agents();
    const some = await Promise.all(
      Array.from(agents, async ([each, name]) => ((await this.#idsIn(each)).length > 0 ? [name] : [])),
    );
    return some.flat().sort();
  }

  async #slugs(agent?: string): Promise<string[]> {
    if (agent !== undefined) return [slug(agent)];
    return (await this.#files.list(AGENTS)).map(lastPart);
  }

  async #agents(): Promise<Map<string, string>> {
    const agents = new Map<string, string>();
    for (const name of await this.#files.list(AGENTS)) {
      const file = await this.#files.get(name);
      if (file !== null) agents.set(lastPart(name), JSON.parse(textOf(file.bytes)) as string);
    }
    return agents;
  }

  /** Once a day: it outlasts what is saved until it is told again. */
  async #tellAgent(agent: string): Promise<void> {
    const name = slug(agent);
    if (Date.now() - (this.#told.get(name) ?? 0) < DAY_MS) return;
    const bytes = Buffer.from(JSON.stringify(agent));
    await this.#files.put(`${AGENTS}/${name}`, bytes, { lastsMs: LASTS_MS + 2 * DAY_MS });
    this.#told.set(name, Date.now());
  }

  /** The oldest first. */
  async #idsIn(agentSlug: string): Promise<string[]> {
    const names = await this.#files.list(payloadsOf(agentSlug));
    return names.map(lastPart).filter((id) => idShape.test(id));
  }

  /** Where only the payload is there, from that. */
  async #summary(agentSlug: string, id: string): Promise<CheckpointSummary | null> {
    const line = await this.#line(id);
    if (line !== null) return summaryOf(line);
    const file = await this.#files.get(payloadFile(agentSlug, id));
    try {
      return file === null ? null : summaryOf(parseCheckpoint(textOf(file.bytes)));
    } catch {
      return null;
    }
  }

  async #line(id: string): Promise<CheckpointLine | null> {
    const file = idShape.test(id) ? await this.#files.get(summaryFile(id)) : null;
    if (file === null) return null;
    try {
      return CheckpointLine.parse(JSON.parse(textOf(file.bytes)));
    } catch {
      return null;
    }
  }
}

const payloadFile = (agentSlug: string, id: string): string => `${payloadsOf(agentSlug)}/${id}`;
const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** The same for all of an agent's, so that a run with many of them tells it once. */
const tooLarge = (agent: string): UserError =>
  new UserError(
    `Checkpoints of agent "${agent}" are larger than ${carriedMebibytes} MiB and are not carried between machines: such a run cannot go on from them elsewhere.`,
  );
