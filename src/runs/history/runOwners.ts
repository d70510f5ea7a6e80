import { runsFolder } from "../recorder.ts";
import { forgetDeadOwners, RunOwner } from "./runOwner.ts";

/** What this process is known by in the workspace folders that it records runs in. */
export class RunOwners {
  readonly #owners = new Map<string, Promise<RunOwner>>();

  /** The id of the owner in a workspace folder. Rejects where the folder cannot be written to. */
  async of(root: string): Promise<string> {
    const known = this.#owners.get(root) ?? this.#create(root);
    this.#owners.set(root, known);
    try {
      return (await known).id;
    } catch (error) {
      this.#owners.delete(root);
      throw error;
    }
  }

  async release(): Promise<void> {
    const owners = await Promise.allSettled(this.#owners.values());
    this.#owners.clear();
    const held = owners.flatMap((owner) => (owner.status === "fulfilled" ? [owner.value] : []));
    await Promise.all(held.map((owner) => owner.release()));
  }

  async #create(root: string): Promise<RunOwner> {
    const runs = await runsFolder(root);
    const owner = await RunOwner.create(runs, () => this.#owners.delete(root));
    // Not waited for: what others left behind is only untidy.
    void forgetDeadOwners(runs).catch(() => undefined);
    return owner;
  }
}
