import { CheckpointService } from "../../checkpoints/service.ts";
import { counted } from "../../model/counted.ts";
import { CheckpointQuery, type CheckpointKey, type CheckpointSummaryRow } from "../../model/checkpoints.ts";
import { shortId } from "../../model/runId.ts";
import { stateVersionsOf } from "../../model/stateVersions.ts";
import { UserError } from "../../model/userError.ts";
import { openIndexer } from "../openIndexer.ts";
import type { Output } from "../output.ts";
import { workspaceFolder } from "../workspace.ts";

const mostNamed = 3;

/** The checkpoints of one workspace folder. */
export class OpenedCheckpoints {
  readonly root: string;
  readonly service = new CheckpointService(
    { changed: () => undefined, progress: () => undefined, found: () => undefined },
    false,
  );

  constructor(dir: string | undefined) {
    this.root = workspaceFolder(dir);
    this.#open();
  }

  /** Learns which state versions classes have now: what is older needs migration. */
  async learnVersions(output: Output): Promise<void> {
    if (this.service.query(CheckpointQuery.parse({})).all === 0) return;
    try {
      const indexer = await openIndexer(this.root, output);
      try {
        const { agents } = await indexer.index(this.root);
        this.#open(stateVersionsOf(agents));
        await indexer.remember(this.root);
      } finally {
        await indexer.dispose();
      }
    } catch (error) {
      output.note(
        `Which checkpoints need migration is told by the checkpoints alone, for the classes cannot be read: ${(error as Error).message}`,
      );
    }
  }

  /** Newest first. */
  async list(query: Partial<CheckpointQuery>): Promise<CheckpointSummaryRow[]> {
    await this.service.complete;
    const { lists } = this.service;
    return lists.matching(CheckpointQuery.parse(query)).map((entry) => lists.summary(entry));
  }

  /** Throws a UserError where an agent has none. */
  async expectAgent(agent: string): Promise<void> {
    await this.service.complete;
    const { agents } = this.service.query(CheckpointQuery.parse({}));
    if (agents.some((one) => one.agent === agent)) return;
    const some = agents.slice(0, mostNamed).map((one) => `"${one.agent}"`);
    const known = agents.length === 0 ? "there are none" : `there are those of ${some.join(", ")}`;
    const more = agents.length > mostNamed ? ` and ${agents.length - mostNamed} more` : "";
    throw new UserError(`Agent "${agent}" has no checkpoints in ${this.root}: ${known}${more}.`);
  }

  /** The checkpoint that a beginning or an end of its id names. Throws a UserError where it names none or several. */
  find(text: string): CheckpointKey {
    const wanted = text.toLowerCase();
    const ids = this.service.lists.matching(CheckpointQuery.parse({})).map(({ id }) => id);
    const found = ids.includes(wanted)
      ? [wanted]
      : ids.filter((id) => wanted !== "" && (id.startsWith(wanted) || id.endsWith(wanted)));
    const [id] = found;
    if (id === undefined)
      throw new UserError(
        `There is no checkpoint ${text} in ${this.root}: "opsvi-agents checkpoints list" names those that there are.`,
      );
    if (found.length === 1) return { folder: this.root, id };
    const some = found.slice(0, mostNamed).map(shortId).join(", ");
    throw new UserError(
      `${text} names ${counted(found.length, "checkpoint")} (${some}${found.length > mostNamed ? ", …" : ""}): give more of the id.`,
    );
  }

  #open(versions: Record<string, number> = {}): void {
    this.service.open([{ folder: this.root, path: this.root, name: this.root, versions }]);
  }
}
