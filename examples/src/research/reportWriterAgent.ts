import { setTimeout as delay } from "node:timers/promises";
import type { Finding } from "./researchAgent";

export interface ReportTask {
  title: string;
  findings: Finding[];
}

/** Writes a report paragraph by paragraph, so that the reader sees it grow. */
export class ReportWriterAgent {
  constructor(private readonly pauseMs = 50) {}

  async *stream({ title, findings }: ReportTask): AsyncGenerator<string, void, undefined> {
    yield `# ${title}\n\n`;
    for (const { source, summary } of findings) {
      await delay(this.pauseMs);
      yield `${summary} (${source})\n\n`;
    }
    yield findings.length === 0 ? "There was nothing to report.\n" : `Sources: ${findings.length}\n`;
  }

  async run(task: ReportTask): Promise<string> {
    let report = "";
    for await (const part of this.stream(task)) report += part;
    return report;
  }
}
