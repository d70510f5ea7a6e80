import { MemoryStore } from "../src/runtime/index.ts";
import type { Workspace } from "../test/ui/workspace.ts";

const research = "src/research/researchAgent.ts#ResearchAgent";
const triage = "src/support/ticketTriageAgent.ts#TicketTriageAgent";

const tasks = [
  { agent: triage, task: { subject: "Refund for order 1043", body: "urgent" } },
  { agent: triage, task: { subject: "Where is my lamp?", body: "Ordered two weeks ago." } },
  { agent: "src/support/faqAgent.ts#FaqAgent", task: "What about returns?" },
  { agent: "src/billing/refundAgent.cjs#RefundAgent", task: { order: "1043", amount: 40 } },
  { agent: "src/operations/certificateAgent.ts#CertificateAgent", task: { host: "shop.example" } },
  { agent: research, task: { question: "What do customers think about repair?" } },
];

const pipeline = {
  steps: [
    { id: "research", agent: research, task: { question: "What do customers think about repair?" } },
    {
      id: "report",
      agent: "src/research/reportWriterAgent.ts#ReportWriterAgent",
      task: { title: "Repair", findings: { $from: "/research/findings" } },
    },
  ],
};

/** What the pictures of runs show beside the examples: a file of tasks, a pipeline, an interrupted run, and memory. */
export async function prepareRuns(workspace: Workspace): Promise<void> {
  await workspace.write("tasks.jsonl", tasks.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await workspace.write("repair.agents.json", JSON.stringify(pipeline, null, 2));
  const runId = "01900000-0000-7000-8000-000000000000";
  const time = new Date(Date.now() - 26 * 60 * 60_000).toISOString();
  const agent = { file_path: "src/operations/deploymentAgent.ts", name: "DeploymentAgent" };
  const task = { service: "checkout", version: "2.4.0" };
  const queued = { type: "queued", runId, time, agent, task, retries: 0, timeoutMs: null };
  await workspace.write(`.proj-intel/runs/${runId}.jsonl`, `${JSON.stringify(queued)}\n`);
  const store = new MemoryStore({ folder: workspace.path(".proj-intel/memory") });
  const notes = store.of("ResearchAgent");
  notes.set("last question", "What do customers think about repair?");
  notes.set("repair", { demand: "growing", growth: 0.14 }, { tags: ["market"] });
  notes.set("prices", "falling slightly", { ttlMs: 90 * 60_000 });
  notes.set("survey-q3.md", { read: true }, { namespace: "sources" });
  notes.grant({ to: "ReportWriterAgent" });
  store.of("FaqAgent").set("Ada", { asked: 3, about: "returns" }, { namespace: "users" });
}
