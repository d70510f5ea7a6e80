import { serveControl, type ControlHandler } from "../control/controlSocket.ts";
import { runsFolder } from "../recorder.ts";
import { forgetDeadOwners, RunOwner } from "./runOwner.ts";

/** What this process is known by in the workspace folders that it records runs in. */
export class RunOwners {
  readonly #owners = new Map<string, Promise<RunOwner>>();
  readonly #control: ControlHandler | null;
  readonly #closing: (() => void)[] = [];

  /** @param control does what other processes want of the runs of this one */
  constructor(control: ControlHandler | null = null) {
    this.#control = control;
  }

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
    for (const close of this.#closing.splice(0)) close();
  }

  async #create(root: string): Promise<RunOwner> {
    const runs = await runsFolder(root);
    const owner = await RunOwner.create(runs, () => this.#owners.delete(root));
    if (this.#control !== null) await this.#serve(owner, this.#control);
    // Not waited for: what others left behind is only untidy.
    void forgetDeadOwners(runs).catch(() => undefined);
    return owner;
  }

  async #serve(owner: RunOwner, control: ControlHandler): Promise<void> {
    try {
      this.#closing.push(await serveControl(owner.id, control));
    } catch {
      // Runs go on where no other process can reach them.
    }
  }
}
