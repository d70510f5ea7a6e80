import { ToolAgent, type Tool } from "@core/toolAgent";

export interface ResearchTask {
  question: string;
  sources?: number;
}

export interface Finding {
  source: string;
  summary: string;
}

const library: Record<string, string> = {
  "market-2025.md": "Demand for refurbished devices grew by 14 percent. Prices fell slightly.",
  "survey-q3.md": "Customers ask for repair before replacement. Delivery time matters less.",
  "competitors.md": "Two competitors opened repair shops. One sells spare parts online.",
};

const search: Tool = (question) => {
  const words = question
    .toLowerCase()
    .split(/\W+/)
    .filter((word) => word.length > 3);
  return Object.entries(library)
    .filter(([, text]) => words.some((word) => text.toLowerCase().includes(word)))
    .map(([name]) => name)
    .join("\n");
};

const summarize: Tool = (name) => library[name]?.split(". ")[0] ?? "";

/** Searches the market research library and sums up what it finds. */
export class ResearchAgent extends ToolAgent {
  constructor() {
    super();
    this.registerTool("search", search).registerTool("summarize", summarize);
  }

  async executeTask({
    question,
    sources = 2,
  }: ResearchTask): Promise<{ question: string; findings: Finding[] }> {
    const found = (await this.executeTool("search", question)).split("\n").filter(Boolean).slice(0, sources);
    const findings: Finding[] = [];
    for (const source of found) {
      findings.push({ source, summary: await this.executeTool("summarize", source) });
    }
    return { question, findings };
  }
}
