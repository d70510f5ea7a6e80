const words =
  'the agent reads a report about quarterly revenue and writes the summary for its reviewer who asked whether numbers in section four were checked against source data; it says: yes, they were (twice) and "signed off"'.split(
    " ",
  );

interface Message {
  id: string;
  role: string;
  content: string;
  at: number;
  usage: { inputs: number; cost: number };
  tools: { name: string; arguments: { query: string; limit: number }; ok: boolean }[];
}

/** What an agent that talks and uses tools holds: records in records, numbers, and most of all messages. */
export interface BenchState {
  step: number;
  plan: { goal: string; steps: string[]; done: boolean[] };
  scores: number[];
  messages: Message[];
}

/** About so many bytes of JSON; the same at each call, so that figures can be compared. */
export function benchState(bytes: number): { state: BenchState; next: () => void } {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff) / 0x7fff_ffff;
  const prose = (length: number): string => {
    let text = "";
    while (text.length < length) text += `${words[Math.floor(random() * words.length)] ?? ""} `;
    return text;
  };
  const message = (): Message => ({
    id: `msg_${Math.floor(random() * 1e15).toString(16)}`,
    role: random() < 0.5 ? "user" : "assistant",
    content: prose(100 + random() * 500),
    at: 1.7e9 + Math.floor(random() * 1e6),
    usage: { inputs: Math.floor(random() * 1000), cost: random() },
    tools: [{ name: "search", arguments: { query: prose(40), limit: 5 }, ok: true }],
  });
  const state: BenchState = {
    step: 0,
    plan: { goal: prose(60), steps: [prose(30), prose(30)], done: [true, false] },
    scores: Array.from({ length: bytes < 5_000 ? 2 : 20 }, random),
    messages: [],
  };
  while (JSON.stringify(state).length < bytes - 300) state.messages.push(message());
  // A step of the agent: one message comes, the oldest goes.
  const coming = Array.from({ length: 500 }, message);
  const next = (): void => {
    state.step += 1;
    state.messages.shift();
    const came = coming[state.step % coming.length];
    if (came !== undefined)
      state.messages.push({
        ...came,
        id: `${came.id}${state.step}`,
        content: `${state.step} ${came.content}`,
      });
  };
  return { state, next };
}
