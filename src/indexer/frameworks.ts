/** The agent frameworks we know: what users install, and the packages it consists of; `*` ends a prefix. */
const FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  "@a2a-js/sdk": [],
  "@ag-ui/client": ["@ag-ui/*"],
  "@agentica/core": ["@agentica/*"],
  "@anthropic-ai/claude-agent-sdk": ["@anthropic-ai/claude-code"],
  "@ax-llm/ax": [],
  "@elizaos/core": [],
  "@google/adk": [],
  "@inngest/agent-kit": [],
  "@langchain/core": [],
  "@langchain/langgraph": ["@langchain/langgraph-supervisor", "@langchain/langgraph-swarm"],
  "@livekit/agents": [],
  "@mastra/core": ["mastra"],
  "@microsoft/agents-hosting": ["@microsoft/agents-*"],
  "@openai/agents": ["@openai/agents-*"],
  "@strands-agents/sdk": [],
  "@voltagent/core": ["@voltagent/*"],
  "agent-squad": ["multi-agent-orchestrator"],
  agents: ["@cloudflare/ai-chat", "@cloudflare/think"],
  ai: [],
  "beeai-framework": ["bee-agent-framework"],
  deepagents: [],
  genkit: ["@genkit-ai/*"],
  kaibanjs: [],
  langchain: ["@langchain/classic", "@langchain/community"],
  llamaindex: ["@llamaindex/core", "@llamaindex/workflow"],
};

const exact = new Map<string, string>();
const prefixes: [prefix: string, framework: string][] = [];
for (const [framework, parts] of Object.entries(FRAMEWORKS)) {
  exact.set(framework, framework);
  for (const part of parts) {
    if (part.endsWith("*")) prefixes.push([part.slice(0, -1), framework]);
    else exact.set(part, framework);
  }
}

/** The package of a module specifier: "@google/adk/web" → "@google/adk"; null for relative ones, `#imports` and `node:`. */
export function packageOf(specifier: string): string | null {
  return /^(?:@[\w.~-]+\/)?[a-z\d_-][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0] ?? null;
}

/** The known agent framework that a module specifier belongs to, by the package that users install; null where it is none. */
export function frameworkOf(specifier: string): string | null {
  const name = packageOf(specifier);
  if (name === null) return null;
  return exact.get(name) ?? prefixes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null;
}
