import { writeSync } from "node:fs";
import {
  FileCheckpointStore,
  SqliteCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

/** What the tests of faults do in a process of its own: `node faults.ts KIND PLACE WHAT …`. */
const [kind = "", place = "", what = "", ...rest] = process.argv.slice(2);
const store = () => (kind === "sqlite" ? new SqliteCheckpointStore(place) : new FileCheckpointStore(place));
/** Written directly: what a stream holds back is lost when the process is killed. */
const say = (line: string): void => void writeSync(1, `${line}\n`);
const draftOf = (label: string, parentId: string | null, text = "x", agent = "worker") => ({
  agent,
  agentType: "unit",
  label,
  state: "busy" as const,
  context: { text },
  task: null,
  parentId,
  runId: null,
});

const actions: Record<string, () => void> = {
  /** Executes an agent for ever; says the id of each checkpoint once it is saved, and each execution that is done. */
  execute: () => {
    const checkpoints = store();
    class Worker {
      readonly history: string[] = [];
      run({ n }: { n: number }): number {
        this.history.push(`step ${n} ${"of the plan ".repeat(20)}`);
        if (this.history.length > 40) this.history.length = 0;
        return n;
      }
    }
    const agent = new UniversalAgentAdapter(new Worker(), { agentType: "unit", name: "worker" });
    for (let n = 0; ; n += 1) {
      const result = agent.execute(
        { n },
        {
          checkpoints,
          onEvent: (event) => {
            if (event.type === "checkpoint") say(`saved ${event.id}`);
          },
        },
      );
      if (result.status !== "success") throw new Error(result.error.message);
      say("done");
    }
  },
  /** Saves a line of checkpoints and prunes it, for ever. */
  prune: () => {
    const checkpoints = store();
    for (let parentId: string | null = null, n = 0; ; n += 1) {
      // Now and then a new line begins.
      const { id }: { id: string } = checkpoints.save(
        draftOf(String(n), n % 7 === 0 ? null : parentId, "x", rest[0]),
      );
      parentId = id;
      if (n % 5 === 4) {
        checkpoints.pin(id);
        say(`pinned ${id}`);
      }
      if (n % 3 === 0) checkpoints.prune({ maxCount: 8 });
      say(`saved ${id}`);
    }
  },
  /** Saves until it fails, then says why. */
  fill: () => {
    let checkpoints: ReturnType<typeof store> | null = null;
    let n = 0;
    try {
      checkpoints = store();
      for (; n < 2_000; n += 1) {
        say(`saved ${checkpoints.save(draftOf(String(n), null, String(n).repeat(2_000))).id}`);
      }
    } catch (error) {
      say(`failed ${(error as Error).name} ${(error as Error).message}`);
    }
    say(`listed ${checkpoints?.list().length ?? 0}`);
  },
  /** Opens, saves, pins and prunes as another user. */
  denied: () => {
    process.seteuid?.(65_534);
    for (const attempt of [
      () => store().save(draftOf("denied", null)),
      () => store().pin(rest[0] ?? ""),
      () => store().prune({ maxCount: 0 }),
    ]) {
      try {
        attempt();
        say("did it");
      } catch (error) {
        say(`failed ${(error as Error).name} ${(error as Error).message}`);
      }
    }
    try {
      say(`loaded ${JSON.stringify(store().load(rest[0] ?? "")?.context ?? null)}`);
    } catch (error) {
      say(`failed ${(error as Error).name} ${(error as Error).message}`);
    }
  },
};

actions[what]?.();
