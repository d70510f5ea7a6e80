import { claimOf, mentionsAgent, wordsOf } from "./agentName.ts";
import type { Member } from "./members.ts";
import type { Rules } from "./rules.ts";
import type { ClassModel, Field } from "./syntax/fileModel.ts";

const COLLECTION = /\b(?:Map|Set|Array|Record|WeakMap|ReadonlyArray|ReadonlyMap)\b|\[\]|\[\s*\w+\s*:/;
/** What a class that is named after agents may call those it keeps. */
const MEMBERS = /^(?:members|teammates|workers|participants|crew|team)$/i;
const HAND_OVER =
  /^(?:handoffs?|handovers?|delegates?|routes?|dispatch|dispatches|orchestrates?|coordinates?)$/i;

/**
 * Evidence that a class itself hands work to one of several agents; null where it does not. Where its name says nothing
 * of agents, its code must.
 */
export function orchestration(model: ClassModel, members: readonly Member[], rules: Rules): string[] | null {
  const isNamed = mentionsAgent(model.name);
  const field = model.fields.find((candidate) => holdsAgents(candidate, isNamed));
  const namesAgents = field !== undefined && holdsTypes(field.type);
  const method = members
    .filter(({ own }) => own)
    .map((member) => member.method)
    .find((candidate) =>
      isNamed
        ? handsOver(candidate, rules)
        : calledExecution(candidate, rules) !== undefined || (namesAgents && takesWork(candidate, rules)),
    );
  if (field === undefined || method === undefined) return null;
  const how = calledExecution(method, rules);
  return [
    `keeps several agents (${field.name})`,
    `hands them work (${method.name}${how === undefined ? "" : ` calls ${how}`}, line ${method.lineno})`,
  ];
}

/** `agents: Map<string, Agent>`, `layers: BaseAgent[][]`, `agents = {}`, `subAgentConfigs: Config[]`; not `agentOptions: Record<…>` */
function holdsAgents({ name, type }: Field, isNamed: boolean): boolean {
  if (!COLLECTION.test(type)) return false;
  if (isNamed && MEMBERS.test(name)) return true;
  if (mentionsAgent(name) && (/^(?:Readonly)?(?:Array|Map|Set)\b|\[\]$/.test(type) || isPlural(name)))
    return true;
  return holdsTypes(type);
}

/** `Map<string, Agent>`; not the agents of HTTP. */
const holdsTypes = (type: string): boolean =>
  !/\bhttps?\./.test(type) &&
  (type.match(/\b[A-Z][\w$]*/g) ?? []).some((held) => claimOf(held).is === "agent");

/** A method that takes work and calls an agent with it, or is named for handing over. A broadcast is only transport. */
function handsOver(method: Member["method"], rules: Rules): boolean {
  const { name } = method;
  const [verb = "", ...rest] = wordsOf(name);
  if ([verb, ...rest].some((word) => HAND_OVER.test(word))) return true;
  if (verb === "assign" && rest.length > 0) return true;
  if (/^(?:invoke|run|execute|call|prompt|ask)$/.test(verb) && /agents?$/i.test(rest.at(-1) ?? ""))
    return true;
  return takesWork(method, rules) && calledExecution(method, rules) !== undefined;
}

function takesWork(method: Member["method"], rules: Rules): boolean {
  const proves = rules.proves(method);
  return proves === "task_execution" || proves === "planning" || proves === "streaming";
}

const calledExecution = ({ agentCalls }: Member["method"], rules: Rules): string | undefined =>
  agentCalls.find((called) => isExecution(called, rules));

/** "agents", "agentsByName", "agentMap" */
const isPlural = (name: string): boolean => /agents|agent_?(?:map|list|pool|set|registry)/i.test(name);

const isExecution = (method: string, rules: Rules): boolean => {
  const proves = rules.capability(method);
  return proves === "task_execution" || proves === "streaming";
};
