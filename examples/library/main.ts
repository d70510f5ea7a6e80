import { resolve } from "node:path";
import { BaseAgent, type ExecutionContext, FileCheckpointStore, LifecycleManager } from "opsvi-agents";
import { ParallelAgentExecutor, PerformanceMonitor, UniversalAgentAdapter } from "opsvi-agents";

/** A class as teams have them: no base class, a method with a name of its own. It stays as it is. */
class SupportDesk {
  processRequest(userId: string, text: string): string {
    return `${userId}, we look into "${text}"`;
  }
}

/** A new class on the library's own base. */
class ReviewAgent extends BaseAgent<{ article: string }> {
  protected override async executeImpl({ article }: { article: string }, context: ExecutionContext) {
    context.usage({ tokens: 120, cost: 0.001 });
    const approved = await context.ask({ kind: "approve", message: `Publish the article on ${article}?` });
    return { article, approved };
  }
}

async function main(): Promise<void> {
  const checkpoints = new FileCheckpointStore(".proj-intel/checkpoints");
  const answerer = ({ message }: { message: string }) => message.includes("lamps");
  const desk = new UniversalAgentAdapter(new SupportDesk(), { agentType: "support", checkpoints });
  const review = new ReviewAgent({ name: "ReviewAgent", agentType: "editorial" }, { checkpoints, answerer });
  const monitor = new PerformanceMonitor();
  const lifecycle = new LifecycleManager();
  for (const agent of [desk, review]) {
    monitor.watch(agent);
    lifecycle.add(agent);
  }
  await lifecycle.start();

  // Synchronous, as the class is. An agent's failure is a result too: the second task lacks a field.
  for (const task of [{ userId: "Ada", text: "my lamp" }, { userId: "Ada" }]) {
    const result = desk.execute(task);
    console.log(result.status === "success" ? result.output : result.error.message);
  }

  // In parallel: one agent waits for a person, the other computes in threads of its own.
  const trend = { module: resolve("trendAgent.js"), export: "TrendAgent" };
  const executor = new ParallelAgentExecutor({ concurrency: 4, timeoutMs: 60_000 });
  const results = await executor.executeBatch([
    [review, { article: "lamps" }],
    [trend, { sales: [12, 15, 9, 20] }],
    [trend, { sales: [3, 3, 4] }],
  ]);
  for (const { agent, ...result } of results)
    console.log(agent, result.status === "success" ? result.output : result.error.message);

  await executor.close();
  await lifecycle.stop();
  const { executions, failures, tokens } = monitor.snapshot().total;
  console.log({ executions, failures, tokens, checkpoints: checkpoints.list().length });
}

void main();
