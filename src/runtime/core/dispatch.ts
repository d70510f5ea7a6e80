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

/** All of them, in the order in which they are shown. */
export const capabilityNames = Object.keys({
  task_execution: true,
  tool_usage: true,
  memory_access: true,
  messaging: true,
  lifecycle: true,
  orchestration: true,
  planning: true,
  streaming: true,
} satisfies Record<CapabilityName, true>) as CapabilityName[];

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
  /^(error|errors|exception|exceptions|failure|failures|rejection|tool|tools|event|events|close|disconnect|disconnection|timeout|signal|callback|exit|hook|hooks|middleware|with|impl|internal|in|if|once|next|result|results|output|outputs|response|responses|chunk|chunks|migration|migrations|thought|thoughts|observation|observations)$/;

/** What `handle` begins or ends with where something has happened, rather than is to be done: `handleIterationStart`. */
const happened =
  /^(start|end|change|complete|connect|connection|click|path|notification|notifications|progress|iteration|abort|cancel|cancellation|stop|interrupt|retry|update|status|registration|deregistration|authentication|authorization|load|refresh|[a-z]{2,}[^e]ed)$/;

/** Messages of these serve the connection: `handleMcpMessage`. */
const protocols = /^(mcp|rpc|http|sse|ws|websocket|socket|protocol|transport|heartbeat|ping)$/;

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
/** What is kept so that the code works, rather than remembered: `storeCredentials`. */
const kept =
  /^(config|configuration|settings?|credentials?|tokens?|keys?|secrets?|sessions?|registry|schemas?|metadata|feedback|files?|cache|cookies?)$/;
const messageVerbs = list("send receive communicate broadcast publish subscribe notify");
/** Signs of life and the program's own events are no messages: `sendHeartbeat`, `subscribeToEvents`. */
const notMessages = /^(heartbeats?|metrics?|telemetry|analytics|pings?|servers?)$/;
/** With any object: a part that is made ready or given up. */
const setupVerbs = list("initialize initialise init setup bootstrap dispose destroy shutdown teardown");
/** Parts of a single task, not of the agent: `initMessages`. */
const ofTasks =
  /^(messages?|states?|executions?|runs?|tasks?|prompts?|history|requests?|responses?|params|args|inputs?|data|variables|flags?)$/;
/** Alone, or for what ends in the agent or what it lives on: `startServer`, not `startReport`. */
const runningVerbs = list(
  "connect disconnect start stop restart close cleanup pause resume reset terminate activate deactivate",
);
const livesOn =
  /^(agents?|self|servers?|clients?|connections?|services?|system|app|workers?|processing|monitoring|loop|listening|polling|sessions?|browser|runtime|heartbeat|resources|mcp|transport|database|db|all|async)$/;
/** `onStart`, `onEnter`: called when the agent itself begins or ends. */
const ownMoments = list(
  "start stop init initialize enter exit activate deactivate destroy shutdown ready mount",
);
const orchestrationVerbs = list("orchestrate coordinate delegate route supervise handoff");
/** What comes back from work is not routed to a worker. */
const cameBack = /^(responses?|results?|outputs?|replies|reply|answers?|events?|notifications?)$/;
/** These take anything: a timer, a variable. Only with work or a worker they hand it over. */
const assigningVerbs = list("schedule assign distribute");
const work = /^(tasks?|subtasks?|agents?|subagents?|work|workload|jobs?|steps?)$/;
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
  if (rest.at(-2) === "for" && /^test(s|ing)?$/.test(last ?? "")) return null;
  if (toolVerbs.has(verb) && usesTools(rest)) return "tool_usage";
  if (verb === "stream" || (streamVerbs.has(verb) && /^stream(ed|ing)?$/.test(last ?? "")))
    return "streaming";
  if (isExecution(method)) return "task_execution";
  if (memoryVerbs.has(verb) ? !kept.test(last ?? "") : memoryActs.has(verb) && memoryNouns.has(last ?? "")) {
    return "memory_access";
  }
  if (orchestrationVerbs.has(verb) ? !cameBack.test(object ?? "") : verb === "hand" && object === "off")
    return "orchestration";
  if (assigningVerbs.has(verb) && rest.some((word) => work.test(word))) return "orchestration";
  if (agentActs.has(verb) && ((isAgent(object) && isWhole(rest)) || (verb === "transfer" && isAgent(last))))
    return "orchestration";
  if (isMessaging(verb, last)) return "messaging";
  if (planningVerbs.has(verb) || (planActs.has(verb) && last === "plan")) return "planning";
  return isLifecycle(verb, rest) ? "lifecycle" : null;
}

function isMessaging(verb: string, last: string | undefined): boolean {
  if (verb === "on") return /^messages?$/.test(last ?? "");
  if (verb === "subscribe") return !/^events?$/.test(last ?? "");
  if (/^(reply|respond)$/.test(verb)) return last !== undefined;
  return messageVerbs.has(verb) && !notMessages.test(last ?? "");
}

function isLifecycle(verb: string, rest: readonly string[]): boolean {
  const [object, next] = rest;
  if (verb === "on") return object !== undefined && next === undefined && ownMoments.has(object);
  // "setUp", "cleanUpResources"
  if (/^(set|clean)$/.test(verb) && object === "up") return isLifecycle(`${verb}up`, rest.slice(1));
  if (/^(shut|tear)$/.test(verb) && object === "down") return true;
  if (setupVerbs.has(verb)) return !ofTasks.test(rest.at(-1) ?? "");
  return runningVerbs.has(verb) && (object === undefined || livesOn.test(rest.at(-1) ?? ""));
}

/** `executeTool`, `handleToolCalls`; not `handleToolErrors`, nor `runWithoutTools`. */
const usesTools = (words: readonly string[]): boolean =>
  (isTool(words[0]) || isTool(words.at(-1))) &&
  !/^(errors?|failures?|exists?|missing|found|metadata|events?)$/.test(words.at(-1) ?? "") &&
  !words.some((word) => word === "with" || word === "without");

/** `removeAgentById`, `selectAgent`; not `createAgentConfig`. */
const isWhole = ([, next]: readonly string[]): boolean =>
  next === undefined || /^(by|for|from|with|to|and|in|at|as|async)$/.test(next);

const isAgent = (word: string | undefined): boolean => /^(sub)?agents?$/.test(word ?? "");

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
  // What a BaseAgent of ours overrides.
  if (executionNames.includes(method) || method === "executeImpl") return true;
  const [verb, object, ...rest] = words(method);
  // `words` cuts at borders only: "runtime" and "handler" are one word each.
  if (verb === undefined || object === undefined) return false;
  const last = rest.at(-1) ?? object;
  if (verb === "handle" && (happened.test(object) || happened.test(last) || protocols.test(object)))
    return false;
  if (executionPrefixes.includes(verb)) return !notTasks.test(object) && !notTasks.test(last);
  // "replyTo", "replyToUser"; an e-mail is a message.
  if (object === "to" && rest.length > 0 && !asTask.test(last)) return false;
  return narrowVerbs[verb]?.test(object) ?? false;
}

const asTask = new RegExp(`^(${taskWords})$`);
const verbOrder = [...executionPrefixes, ...Object.keys(narrowVerbs)];

/** The name itself says that a task is done: `run`, `executeTask`; not `executeScript`. */
export function namesTask(method: string): boolean {
  return executionNames.includes(method) || asTask.test(words(method).at(-1) ?? "");
}

/** Lower is better, null never: tasks by name, then other executions, routed tasks, streams; within each by verb. */
function rank(method: string): number | null {
  const capability = capabilityOf(method);
  const [verb = "", ...rest] = words(method);
  const endsInTask = asTask.test(rest.at(-1) ?? "");
  const place = verbOrder.includes(verb) ? verbOrder.indexOf(verb) : verbOrder.length;
  switch (capability) {
    case "task_execution":
      if (lateNames.includes(method)) return 50 + lateNames.indexOf(method);
      if (rest.includes("stream")) return 400 + place;
      if (endsInTask || verb in narrowVerbs) return place;
      return (asTask.test(rest[0] ?? "") ? 100 : 200) + place;
    case "orchestration":
      return endsInTask && (orchestrationVerbs.has(verb) || assigningVerbs.has(verb)) ? 300 + place : null;
    case "streaming":
      return 500 + place;
    default:
      return null;
  }
}
