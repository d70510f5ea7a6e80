import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SnapshotReceiver, SnapshotSender } from "../../../src/indexer/snapshotDelta.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { IndexSnapshot, SnapshotDelta } from "../../../src/model/indexerProtocol.ts";
import { indexFiles } from "./project.ts";

const snapshot = (agents: AgentRecord[], rejected: AgentRecord[] = []): IndexSnapshot => ({
  root: "/r",
  agents,
  rejected,
  foreign: [],
  notes: [],
  files: 1,
  durationMs: 1,
});

/** As a message to another thread. */
const sent = (delta: SnapshotDelta): SnapshotDelta => structuredClone(delta);

async function someRecord(): Promise<AgentRecord> {
  const { agents } = await indexFiles({ "a.ts": "export class TaxAgent { run(task: string) {} }" });
  const [record] = agents;
  if (record === undefined) throw new Error("No agent was found.");
  return record;
}

describe("snapshots that travel", () => {
  it("carry only the records that are others than before", async () => {
    const record = await someRecord();
    const [sender, receiver] = [new SnapshotSender(), new SnapshotReceiver()];
    const other = { ...record, name: "OtherAgent" };
    const first = receiver.next(sent(sender.next(snapshot([record, other]))));
    const moved = { ...other, lineno: 7 };
    const delta = sender.next(snapshot([structuredClone(record), moved]));
    expect(delta.agents).toEqual([0, moved]);
    const second = receiver.next(sent(delta));
    expect(second.agents[0]).toBe(first.agents[0]);
    expect(second).toEqual(snapshot([record, moved]));
  });

  it("are what they were, whatever comes, goes, changes and turns up twice", async () => {
    const record = await someRecord();
    const one = fc
      .record({
        name: fc.constantFrom("A", "B", "C"),
        lineno: fc.nat(2),
        evidence: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
      })
      .map((part): AgentRecord => ({ ...record, ...part }));
    const some = fc.array(one, { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(some, some), { maxLength: 8 }), (steps) => {
        const [sender, receiver] = [new SnapshotSender(), new SnapshotReceiver()];
        for (const [agents, rejected] of steps) {
          const next = snapshot(agents, rejected);
          expect(receiver.next(sent(sender.next(next)))).toEqual(next);
        }
      }),
    );
  });

  it("that build on another one are refused", async () => {
    const sender = new SnapshotSender();
    sender.next(snapshot([await someRecord()]));
    expect(() => new SnapshotReceiver().next(sender.next(snapshot([])))).toThrow("The folder was closed.");
  });
});
