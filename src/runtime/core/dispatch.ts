/** What a method name tells about its class. */
export type CapabilityName =
  | "task_execution"
  | "tool_usage"
  | "memory_access"
  | "messaging"
  | "lifecycle"
  | "orchestration"
  | "planning"
  | "streaming";

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

/** Verbs that make an execution method with nearly any object: `executeTask`, `processRefund`. Best first. */
const executionPrefixes = ["execute", "run", "process", "handle", "invoke", "perform", "solve"];

/** Objects that make the best dispatch target: `processRequest` is preferred to `runDiagnostics`. */
const taskWords =
  "task|message|request|input|query|prompt|goal|job|turn|command|conversation|text|instruction|instructions|action|work|async|agent|chat|question|user|step";

/** What follows an execution verb in methods that serve the class itself. */
const notTasks =
  /^(error|errors|exception|failure|rejection|tool|tools|event|events|close|disconnect|disconnection|timeout|signal|callback|exit|hook|hooks|middleware|with|impl|internal|in|if|once|next|result|results|response|responses|chunk|chunks)$/;

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
const streamSilence = list("get set is has on create open close end supports enable disable");

/** The capability that a method of this name proves, or null: most methods prove none. */
export function capabilityOf(method: string): CapabilityName | null {
  if (isPrivate(method)) return null;
  const [verb, ...rest] = words(method);
  if (verb === undefined) return null;
  const object = rest[0];
  const last = rest.at(-1);
  if (toolVerbs.has(verb) && (object === "tool" || object === "tools")) return "tool_usage";
  if (
    verb === "stream" ||
    (last !== undefined && /^stream(ed|ing)?$/.test(last) && !streamSilence.has(verb))
  ) {
    return "streaming";
  }
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

/** The method among `methods` that a task is dispatched to, or null. Never a lifecycle method such as `start`. */
export function executionMethod(methods: readonly string[]): string | null {
  const exact = executionNames.find((name) => methods.includes(name));
  if (exact !== undefined) return exact;
  const ranked = methods
    .filter((method) => capabilityOf(method) === "task_execution" || capabilityOf(method) === "streaming")
    .map((method, order) => ({ method, rank: rank(method), order }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order);
  return ranked[0]?.method ?? null;
}

function isExecution(method: string): boolean {
  if (executionNames.includes(method)) return true;
  const [verb, object] = words(method);
  // `words` cuts at borders only: "runtime" and "handler" are one word each.
  if (verb === undefined || object === undefined) return false;
  if (executionPrefixes.includes(verb)) return !notTasks.test(object);
  return narrowVerbs[verb]?.test(object) ?? false;
}

const asTask = new RegExp(`^(${taskWords})$`);

/** Lower is better: named tasks, then anything else, then streams; within each the order of verbs. */
function rank(method: string): number {
  const [verb = "", ...rest] = words(method);
  const verbs = [...executionPrefixes, ...Object.keys(narrowVerbs)];
  const place = verbs.includes(verb) ? verbs.indexOf(verb) : verbs.length;
  const streams = capabilityOf(method) === "streaming";
  const tasks = rest.some((word) => asTask.test(word)) || verb in narrowVerbs;
  return place + (streams ? 200 : tasks ? 0 : 100);
}
