import { capabilityOf } from "../runtime/core/dispatch.ts";
import { mentionsAgent, wordsOf } from "./agentName.ts";
import type { Member } from "./members.ts";
import type { ClassModel, Field } from "./syntax/fileModel.ts";

const COLLECTION = /\b(?:Map|Set|Array|Record|WeakMap|ReadonlyArray|ReadonlyMap)\b|\[\]|\[\s*\w+\s*:/;
const HAND_OVER =
  /^(?:handoffs?|handovers?|delegate|delegates|route|routes|dispatch|dispatches|orchestrate|coordinate|assign)$/;

/** Evidence that a class hands work to one of several agents; null where it does not. */
export function orchestration(model: ClassModel, members: readonly Member[]): string[] | null {
  const field = model.fields.find(holdsAgents);
  if (field === undefined) return null;
  const method = members.map((member) => member.method).find(handsOver);
  if (method === undefined) return null;
  const how = method.agentCalls.find((name) => isExecution(name));
  return [
    `keeps several agents (${field.name})`,
    `hands them work (${method.name}${how === undefined ? "" : ` calls ${how}`}, line ${method.lineno})`,
  ];
}

/** `agents: Map<string, Agent>`, `layers: BaseAgent[][]`, `agents = new Map()` */
function holdsAgents({ name, type }: Field): boolean {
  if (!COLLECTION.test(type)) return false;
  return mentionsAgent(name) || (type.match(/[\w$]+/g) ?? []).some(mentionsAgent);
}

/** A method that takes work and calls an agent with it, or is named for handing over. A broadcast is only transport. */
function handsOver(method: Member["method"]): boolean {
  const capability = capabilityOf(method.name);
  if (wordsOf(method.name).some((word) => HAND_OVER.test(word.toLowerCase()))) return true;
  if (capability !== "task_execution" && capability !== "planning" && capability !== "streaming")
    return false;
  return method.agentCalls.some(isExecution);
}

const isExecution = (method: string): boolean => {
  const capability = capabilityOf(method);
  return capability === "task_execution" || capability === "streaming";
};
