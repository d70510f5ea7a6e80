import { ReportWriterAgent } from "../research/reportWriterAgent";
import { ResearchAgent } from "../research/researchAgent";

export interface BriefTask {
  title: string;
  questions: string[];
}

/** Deals questions out to its research agents in turn, then hands all findings to the writer. */
export class ResearchAgentCoordinator {
  private readonly agents: Map<string, ResearchAgent>;
  private readonly writer = new ReportWriterAgent(0);

  constructor(desks: string[] = ["market", "customers"]) {
    this.agents = new Map(desks.map((desk) => [desk, new ResearchAgent()]));
  }

  async execute({ title, questions }: BriefTask): Promise<{ report: string; desks: string[] }> {
    const desks = [...this.agents.keys()];
    const chosen = questions.map((_question, index) => desks[index % desks.length] ?? "");
    const answers = await Promise.all(
      questions.map((question, index) => this.delegate(chosen[index] ?? "", question)),
    );
    const findings = answers.flatMap((answer) => answer.findings);
    return { report: await this.writer.run({ title, findings }), desks: [...new Set(chosen)] };
  }

  async delegate(desk: string, question: string) {
    const agent = this.agents.get(desk);
    if (!agent) throw new Error(`There is no desk called "${desk}".`);
    return await agent.executeTask({ question });
  }
}
