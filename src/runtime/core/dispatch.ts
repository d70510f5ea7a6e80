export const capabilityNames = [
  "task_execution",
  "tool_usage",
  "memory_access",
  "messaging",
  "lifecycle",
  "orchestration",
  "planning",
  "streaming",
] as const;
/** What a method name tells about its class. */
export type CapabilityName = (typeof capabilityNames)[number];

/** Method names a task is dispatched to, best first. */
export const executionNames: readonly string[] = [
  "execute",
  "run",
  "process",
  "handle",
  "invoke",
  "call",
  "chat",
  "respond",
  "reply",
  "generate",
  "step",
  "act",
  "perform",
  "kickoff",
  "ask",
  "answer",
  "solve",
];

/** Also names of steps within the work: a method that names a task, such as `processRequest`, is preferred to them. */
const lateNames: readonly string[] = ["ask", "answer", "solve"];

/** Verbs that make an execution method with nearly any object: `executeTask`, `processRefund`. Best first. */
const executionPrefixes = ["execute", "run", "process", "handle", "invoke", "perform", "solve"];

/** Objects that make the best dispatch target: `processRequest` is preferred to `runDiagnostics`. */
const taskWords =
  "task|message|request|input|query|prompt|goal|job|turn|command|conversation|text|instruction|instructions|action|work|async|agent|chat|question|user|step";

/** What an execution verb begins or ends with in methods that serve the class itself: `handleTaskError`. */
const notTasks =
  /^(error|errors|exception|failure|rejection|tool|tools|event|events|close|disconnect|disconnection|timeout|signal|callback|exit|hook|hooks|middleware|with|impl|internal|in|if|once|next|result|results|output|outputs|response|responses|chunk|chunks)$/;

/** Verbs that are too common to take any object. */
const narrowVerbs: Readonly<Record<string, RegExp>> = {
  generate: /^(text|response|reply|answer|output|completion|content|message|async|object)$/,
  chat: /^(with|completion|async)$/,
  respond: /^(to|with|async)$/,
  reply: /^(to|with|async)$/,
  ask: /^(question|agent|async|for)$/,
  answer: /^(question|query|user|async)$/,
  call: /^(agent|async)$/,
  act: /^(on|async)$/,
};

const words = (name: string): string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

/** `_x`, `#x`, `constructor` and accessors of symbols are nobody's entry point. */
const isPrivate = (name: string): boolean => !/^[A-Za-z]/.test(name) || name === "constructor";

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const toolVerbs = list("use execute call invoke run register add dispatch handle process bind perform");
const memoryVerbs = list("remember recall memorize memorise forget store retrieve");
const memoryActs = list("save load add search query update clear append write read persist");
const memoryNouns = list("memory memories history");
const messageVerbs = list("send receive communicate broadcast publish subscribe notify");
const lifecycleVerbs = list(
  "initialize initialise init setup connect disconnect start stop restart shutdown close dispose destroy teardown cleanup pause resume reset terminate activate deactivate bootstrap",
);
const orchestrationVerbs = list(
  "orchestrate coordinate delegate route schedule assign distribute supervise handoff",
);
const agentActs = list("add register spawn create select remove unregister transfer dispatch");
const planningVerbs = list("plan replan decompose prioritize prioritise think reason reflect");
const planActs = list("create make generate build update revise refine execute");
const streamVerbs = list(
  "execute run process handle invoke perform generate chat respond reply ask answer call step",
);

/** The capability that a method of this name proves, or null: most methods prove none. */
export function capabilityOf(method: string): CapabilityName | null {
  if (isPrivate(method)) return null;
  const [verb, ...rest] = words(method);
  if (verb === undefined) return null;
  const object = rest[0];
  const last = rest.at(-1);
  if (toolVerbs.has(verb) && (isTool(object) || isTool(last))) return "tool_usage";
  if (verb === "stream" || (streamVerbs.has(verb) && /^stream(ed|ing)?$/.test(last ?? "")))
    return "streaming";
  if (isExecution(method)) return "task_execution";
  if (memoryVerbs.has(verb) || (memoryActs.has(verb) && last !== undefined && memoryNouns.has(last))) {
    return "memory_access";
  }
  if (orchestrationVerbs.has(verb) || (verb === "hand" && object === "off")) return "orchestration";
  if (agentActs.has(verb) && (object === "agent" || object === "agents" || object === "subagent")) {
    return "orchestration";
  }
  if (messageVerbs.has(verb)) return "messaging";
  if (planningVerbs.has(verb) || (planActs.has(verb) && last === "plan")) return "planning";
  if (lifecycleVerbs.has(verb) || /^(set|shut|tear|clean)$/.test(verb)) {
    const compound = verb + (object ?? "");
    if (lifecycleVerbs.has(verb) || /^(setup|shutdown|teardown|cleanup)$/.test(compound)) return "lifecycle";
  }
  return null;
}

const isTool = (word: string | undefined): boolean => word === "tool" || word === "tools";

/**
 * The method among `methods` that a task is dispatched to, or null: an execution method, else one that hands tasks to
 * others, else one that streams. Never a lifecycle method such as `start`.
 */
export function executionMethod(methods: readonly string[]): string | null {
  const exact = executionNames.find((name) => methods.includes(name) && !lateNames.includes(name));
  if (exact !== undefined) return exact;
  const [best] = methods
    .map((method, order) => ({ method, rank: rank(method), order }))
    .filter((candidate) => candidate.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.order - b.order);
  return best?.method ?? null;
}

function isExecution(method: string): boolean {
  if (executionNames.includes(method)) return true;
  const [verb, object, ...rest] = words(method);
  // `words` cuts at borders only: "runtime" and "handler" are one word each.
  if (verb === undefined || object === undefined) return false;
  if (executionPrefixes.includes(verb)) return !notTasks.test(object) && !notTasks.test(rest.at(-1) ?? "");
  return narrowVerbs[verb]?.test(object) ?? false;
}

const asTask = new RegExp(`^(${taskWords})$`);
const verbOrder = [...executionPrefixes, ...Object.keys(narrowVerbs)];

/** Lower is better, null never: tasks by name, then other executions, routed tasks, streams; within each by verb. */
function rank(method: string): number | null {
  const capability = capabilityOf(method);
  const [verb = "", ...rest] = words(method);
  const namesTask = asTask.test(rest.at(-1) ?? "");
  const place = verbOrder.includes(verb) ? verbOrder.indexOf(verb) : verbOrder.length;
  switch (capability) {
    case "task_execution":
      if (lateNames.includes(method)) return 50 + lateNames.indexOf(method);
      if (rest.includes("stream")) return 400 + place;
      if (namesTask || verb in narrowVerbs) return place;
      return (asTask.test(rest[0] ?? "") ? 100 : 200) + place;
    case "orchestration":
      return namesTask && orchestrationVerbs.has(verb) ? 300 + place : null;
    case "streaming":
      return 500 + place;
    default:
      return null;
  }
}
