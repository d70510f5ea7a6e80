import { describe, expect, it } from "vitest";
import { AgentState, LifecycleManager, MemoryCheckpointStore } from "../../../../src/runtime/index.ts";
import { TestAgent } from "./testAgent.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** An agent that opens something, later, and closes it. */
class Opening extends TestAgent {
  readonly journal: string[] = [];
  open: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  protected override initializeImpl(): Promise<void> {
    this.journal.push("opening");
    return new Promise<void>((resolve, reject) => {
      this.open = resolve;
      this.fail = reject;
    }).then(() => void this.journal.push("opened"));
  }
  protected override shutdownImpl(): void {
    this.journal.push("closed");
  }
}

async function aborted(agent: Opening): Promise<void> {
  const controller = new AbortController();
  const running = agent.executeAsync({}, { signal: controller.signal });
  await turn();
  controller.abort();
  expect(await running).toMatchObject({ aborted: true });
}

function notWaitedFor(agent: Opening): Promise<void> {
  expect(agent.initialize()).toBe(false);
  return Promise.resolve();
}

describe.each([
  ["an abort", aborted],
  ["a caller that could not wait", notWaitedFor],
])("an initialisation that goes on after %s", (_, begin) => {
  it("is waited for by shutdownAsync, which then closes what it opened", async () => {
    const checkpoints = new MemoryCheckpointStore();
    const agent = new Opening(() => 1, { checkpoints });
    await begin(agent);
    const shutdown = agent.shutdownAsync();
    await turn();
    expect(agent.state).not.toBe(AgentState.STOPPED);
    agent.open();
    expect(await shutdown).toBe(true);
    expect(agent.journal).toEqual(["opening", "opened", "closed"]);
    expect(agent.state).toBe(AgentState.STOPPED);
    expect(checkpoints.latest("test")?.label).toBe("shutdown");
  });

  it("is refused by shutdown, which names shutdownAsync, until it is done", async () => {
    const agent = new Opening(() => 1);
    await begin(agent);
    expect(agent.shutdown()).toBe(false);
    expect(agent.state).toBe(AgentState.ERROR);
    expect(agent.lastError).toMatchObject({
      name: "AgentUsageError",
      message:
        'Agent "test" is still initializing, and shutdown() cannot wait for that: use shutdownAsync().',
    });
    agent.open();
    await turn();
    expect(agent.shutdown()).toBe(true);
    expect(agent.journal).toEqual(["opening", "opened", "closed"]);
  });

  it("leaves nothing to close where it fails", async () => {
    const agent = new Opening(() => 1);
    await begin(agent);
    const shutdown = agent.shutdownAsync();
    agent.fail(new Error("no connection"));
    expect(await shutdown).toBe(true);
    expect(agent.journal).toEqual(["opening"]);
    expect(agent.state).toBe(AgentState.STOPPED);
  });

  it("has initialised the agent when it is done", async () => {
    const agent = new Opening(() => "ran");
    await begin(agent);
    agent.open();
    await turn();
    expect(agent.initialize()).toBe(true);
    expect(agent.execute({})).toMatchObject({ value: "ran" });
    expect(agent.journal).toEqual(["opening", "opened"]);
  });

  it("is waited for by a LifecycleManager no longer than its time", async () => {
    const agent = new Opening(() => 1);
    await begin(agent);
    const manager = new LifecycleManager({ stopTimeoutMs: 1 });
    manager.add(agent);
    expect(await manager.stop()).toMatchObject({ ok: false, agents: [{ status: "timed out" }] });
    agent.open();
    await turn();
    expect(agent.journal).toEqual(["opening", "opened", "closed"]);
  });
});

it("shuts down once where two ask for it after an abort", async () => {
  const agent = new Opening(() => 1);
  await aborted(agent);
  const shutdown = agent.shutdownAsync();
  await expect(agent.shutdownAsync()).rejects.toThrow(/it is shutting down/);
  agent.open();
  expect(await shutdown).toBe(true);
  expect(agent.journal).toEqual(["opening", "opened", "closed"]);
});
