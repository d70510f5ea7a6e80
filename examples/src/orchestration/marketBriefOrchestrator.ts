import { ReportWriterAgent } from "../research/reportWriterAgent";
import { ResearchAgent } from "../research/researchAgent";

export interface BriefTask {
  title: string;
  questions: string[];
}

/** Lets the research agent answer each question, then hands everything to the writer. */
export class MarketBriefOrchestrator {
  constructor(
    private readonly researcher = new ResearchAgent(),
    private readonly writer = new ReportWriterAgent(0),
  ) {}

  async orchestrate({ title, questions }: BriefTask): Promise<{ report: string; sources: number }> {
    const answers = await Promise.all(questions.map((question) => this.delegate(question)));
    const findings = answers.flatMap((answer) => answer.findings);
    return { report: await this.writer.run({ title, findings }), sources: findings.length };
  }

  private delegate(question: string) {
    return this.researcher.executeTask({ question });
  }
}
