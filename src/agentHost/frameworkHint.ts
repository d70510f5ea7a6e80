interface Hint {
  /** Members that its agents have, and no others. */
  members: readonly string[];
  sentence: (name: string) => string;
}

/** Agents that a function or a session of their framework runs: none of their own methods takes a task. */
const HINTS: readonly Hint[] = [
  {
    members: ["handoffs", "getSystemPrompt", "voice"],
    sentence: (name) =>
      `${name} is an agent of @openai/agents-realtime, which a RealtimeSession runs: connect one, as in "new RealtimeSession(${name}).connect(…)".`,
  },
  {
    members: ["handoffs", "getSystemPrompt", "asTool"],
    sentence: (name) =>
      `${name} is an agent of @openai/agents, which its function "run" runs: export a class with a method such as "execute(task) { return run(${name}, task); }" and run that.`,
  },
  {
    members: ["runAsync", "runLive", "subAgents", "rootAgent"],
    sentence: (name) =>
      `${name} is an agent of @google/adk, which a runner runs: export a class with a method such as "execute(task)" that calls "new InMemoryRunner({ agent: ${name} }).runAsync(…)" and run that.`,
  },
  {
    members: ["onEnter", "onExit", "llmNode", "ttsNode"],
    sentence: (name) =>
      `${name} is an agent of @livekit/agents, which a voice session runs: start one with "session.start({ agent: ${name}, room })" in a LiveKit worker.`,
  },
];

/** How an agent of a framework is run that cannot be given a task directly; null for all others. */
export function frameworkHint(agent: object, name: string): string | null {
  return HINTS.find(({ members }) => members.every((member) => member in agent))?.sentence(name) ?? null;
}
