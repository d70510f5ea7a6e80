import { describe, expect, it } from "vitest";
import { indexFiles, named } from "./project.ts";

/** The capabilities of an agent that has this one method beside `run`. */
async function proved(method: string): Promise<string[]> {
  const text = `export class TaxAgent { run(task: string) {}\n ${method} }`;
  const { capabilities } = named(await indexFiles({ "a.ts": text }), "TaxAgent");
  return capabilities
    .filter((proof) => proof.method !== "run")
    .map(({ name, lineno }) => `${name}:${lineno}`);
}

describe("a method whose parameters say something else than its name proves nothing:", () => {
  it.each([
    ["it starts a task, not the agent", "connect(input: RunInput) {}"],
    ["the type tells that", "resume(of: RunParameters) {}"],
    ["it ends something else", "disconnect(serverId: string) {}"],
    ["an agent that a task is assigned to", "assignTask(task: Task) {}"],
    ["nothing ends what it connects", "connect() {}"],
    ["a timer", "scheduleTask(delay: number) {}"],
  ])("%s", async (_, method) => {
    expect(await proved(method)).toEqual([]);
  });

  it("it runs what the caller hands over", async () => {
    const text = "export class TaxAgent { runFiber(name: string, fn: () => Promise<void>) {} close() {} }";
    const { capabilities } = named(await indexFiles({ "a.ts": text }), "TaxAgent");
    expect(capabilities.map(({ name }) => name)).toEqual(["lifecycle"]);
  });
});

describe("a method proves what its name says", () => {
  it.each([
    ["connect(transport: Transport) {} disconnect(transport: Transport) {}", "lifecycle:2"],
    ["initialize(options: Options) {}", "lifecycle:2"],
    ["assignTask(worker: string, task: Task) {}", "orchestration:2"],
    ["assignTask(task: Task) { this.agents[0].execute(task) }", "orchestration:2"],
    ["distributeTasks(tasks: Task[], to: BaseAgent[]) {}", "orchestration:2"],
  ])("%s", async (method, proof) => {
    expect(await proved(method)).toEqual([proof]);
  });

  it("where a callback only tells of progress", async () => {
    const text = "export class TaxAgent { runTask(task: string, callback: (done: number) => void) {} }";
    const { capabilities } = named(await indexFiles({ "a.ts": text }), "TaxAgent");
    expect(capabilities.map(({ name, method }) => `${name} ${method}`)).toEqual(["task_execution runTask"]);
  });
});
