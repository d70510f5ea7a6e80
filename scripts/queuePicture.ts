import { startRedis, withoutPassword } from "../test/queue/servers.ts";
import { WorkerProcess } from "../test/queue/workerProcess.ts";
import { openSession } from "../test/ui/session.ts";
import { Workspace } from "../test/ui/workspace.ts";

/** The Agent Runs view beside the workers of a queue, which have a batch. */
export async function takeQueuePicture(file: string): Promise<void> {
  const server = await startRedis();
  const workspace = await Workspace.ofExamples();
  const { address, password } = withoutPassword(server.url);
  await workspace.write(
    "sales.jsonl",
    '{"agent":"src/analytics/forecastAgent.ts#ForecastAgent","task":{"sales":[12,15,9],"seconds":600}}\n'.repeat(
      5,
    ),
  );
  const workers = [2, 4].map(
    (runs) => new WorkerProcess(server.url, workspace.folder, "--concurrency", String(runs)),
  );
  const userSettings = { "opsviAgents.engine": "queue", "opsviAgents.queue.url": address };
  const session = await openSession(workspace, { name: "queuePicture", userSettings });
  try {
    const { workbench } = session;
    const { page } = workbench;
    await Promise.all(workers.map((worker) => worker.ready()));
    await page.setViewportSize({ width: 1000, height: 560 });
    await workbench.run("Agents: Set Password of the Queue…");
    await workbench.quickInput.answer(password);
    await workbench.notifications.message("is given the password from now on.");
    await workbench.notifications.clear();
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await workbench.workers();
    await workbench.run("Agents: Run File of Tasks…");
    await workbench.quickInput.pick("sales.jsonl");
    await page.getByText("how many at a time").waitFor();
    await workbench.quickInput.answer("5");
    await page.getByText("5 running").waitFor();
    await (await workbench.runs()).expand("5 tasks for ForecastAgent");
    await page.getByText(/[1-4] of 4 busy/).waitFor();
    await workbench.notifications.clear();
    await page.mouse.move(500, 10);
    await page.locator(".notifications-toasts").waitFor({ state: "hidden" });
    await page.locator(".part.panel").screenshot({ path: file });
  } finally {
    await session.close();
    await Promise.all(workers.map((worker) => worker.kill()));
    await workspace.dispose();
    await server.stop();
  }
}
