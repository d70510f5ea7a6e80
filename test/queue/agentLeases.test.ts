import { expect, test } from "vitest";
import { LimitedAgents } from "../../src/model/limitedAgents.ts";
import type { SharedFiles } from "../../src/queue/sharedFiles.ts";
import { AgentLeases, type Lease } from "../../src/queue/worker/agentLeases.ts";

/** In this process; nothing but what is to be gone at once runs out by itself. */
function filesHere(): SharedFiles & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    put: (name, bytes, { over, lastsMs } = {}) => {
      if (over !== undefined && (all.get(name) ?? null) !== over) return Promise.resolve(null);
      const tag = Buffer.from(bytes).toString();
      all.set(name, tag);
      if (lastsMs === 1) all.delete(name);
      return Promise.resolve(tag);
    },
    get: (name) => {
      const tag = all.get(name);
      return Promise.resolve(tag === undefined ? null : { tag, bytes: Buffer.from(tag) });
    },
    list: () => Promise.resolve([...all.keys()]),
    remove: (names) => {
      for (const name of names) all.delete(name);
      return Promise.resolve();
    },
  };
}

const agent = { file_path: "a.mjs", name: "LimitedAgent" };
const limited = new LimitedAgents({ LimitedAgent: 1 });

test("a worker that was away for long ends no lease that another one has by now", async () => {
  const files = filesHere();
  const [away, other] = ["away", "other"].map((id) => new AgentLeases(files, limited, id));
  const lease = (await away?.take(agent)) as Lease;
  expect(await other?.take(agent)).toBeNull();
  // It ran out.
  files.all.clear();
  expect(await other?.take(agent)).not.toBeNull();
  await away?.renew();
  await lease.end();
  expect([...files.all.values()]).toEqual(["other"]);
});

test("a worker that was away for long ends no lease of another one either before it looks for its own", async () => {
  const files = filesHere();
  const [away, other] = ["away", "other"].map((id) => new AgentLeases(files, limited, id));
  const lease = (await away?.take(agent)) as Lease;
  files.all.clear();
  expect(await other?.take(agent)).not.toBeNull();
  await lease.end();
  expect([...files.all.values()]).toEqual(["other"]);
});

test("a worker that was away for long has its lease again where nobody else took it", async () => {
  const files = filesHere();
  const [away, other] = ["away", "other"].map((id) => new AgentLeases(files, limited, id));
  const lease = (await away?.take(agent)) as Lease;
  files.all.clear();
  await away?.renew();
  expect(await other?.take(agent)).toBeNull();
  await lease.end();
  expect(files.all.size).toBe(0);
});
