import type { AgentRecord } from "../model/agentRecord.ts";
import type { IndexSnapshot, SnapshotDelta } from "../model/indexerProtocol.ts";
import { alike } from "./alike.ts";

let lastId = 0;

/** Tells the snapshots of one folder one after another, each record only when it is another one than before. */
export class SnapshotSender {
  #id: number | null = null;
  #sent = new Map<string, { record: AgentRecord; at: number }>();

  next({ agents, rejected, ...rest }: IndexSnapshot): SnapshotDelta {
    const sent = new Map<string, { record: AgentRecord; at: number }>();
    let at = 0;
    const tell = (record: AgentRecord): AgentRecord | number => {
      const key = keyOf(record);
      const before = this.#sent.get(key);
      const same = before !== undefined && alike(before.record, record);
      sent.set(key, { record, at });
      at += 1;
      return same ? before.at : record;
    };
    const delta = { ...rest, basis: this.#id, agents: agents.map(tell), rejected: rejected.map(tell) };
    this.#sent = sent;
    lastId += 1;
    this.#id = lastId;
    return { ...delta, id: lastId };
  }
}

/** The other end. Records that stay are the same objects in each snapshot. */
export class SnapshotReceiver {
  #id: number | null = null;
  #records: readonly AgentRecord[] = [];

  next({ id, basis, agents, rejected, ...rest }: SnapshotDelta): IndexSnapshot {
    // The answer to a call that was made before the folder was closed.
    if (basis !== null && basis !== this.#id) throw new DOMException("The folder was closed.", "AbortError");
    const known = (told: AgentRecord | number): AgentRecord => {
      const record = typeof told === "number" ? this.#records[told] : told;
      if (record === undefined) throw new RangeError("A record of the snapshot before is missing.");
      return record;
    };
    const snapshot = { ...rest, agents: agents.map(known), rejected: rejected.map(known) };
    this.#records = [...snapshot.agents, ...snapshot.rejected];
    this.#id = id;
    return snapshot;
  }
}

const keyOf = ({ file_path, kind, name }: AgentRecord): string => `${file_path}\n${kind}\n${name}`;
