import type { CapabilityName } from "../runtime/core/dispatch.ts";
import { namesTask } from "../runtime/core/dispatch.ts";
import { mentionsAgent, wordsOf } from "./agentName.ts";
import type { Parameter } from "../model/agentRecord.ts";
import type { MethodModel } from "./syntax/fileModel.ts";

/** A function that the caller hands over to be called: `runInTransaction(fn)`. */
const CODE = /^_*(?:fn|func|thunk|cb|callback|work|body|block|operation|executor)$/i;
const WORK = /^_*(?:inputs?|tasks?|messages?|requests?|prompts?|query|goal)$/i;
const WORK_TYPE = /(?:Input|Task|Message|Request|Prompt)(?:\[\])?$|^Run[A-Z]/;
/** `serverId`, but not the agent's own. */
const IDENTIFIER = /^_*(?:[a-z]\w*I|i)ds?$/;
const WORKER = /^(?:workers?|members?|teammates?|assignees?|participants?|peers?|nodes?)$/i;

/** The parameters show that a method does not prove what its name says. */
export function contradicts(
  capability: CapabilityName,
  { name, params, agentCalls }: Pick<MethodModel, "name" | "params" | "agentCalls">,
): boolean {
  const [first] = params;
  switch (capability) {
    case "task_execution":
      return !namesTask(name) && params.some(isCode);
    case "lifecycle":
      // What takes a task starts that, not the agent; what takes an identifier, somebody else.
      return first !== undefined && (isWork(first) || IDENTIFIER.test(first.name));
    case "orchestration":
      // An agent that a task is assigned to hands it to nobody.
      return (
        /^(?:assign|schedule|distribute)/.test(name) && agentCalls.length === 0 && !namesWorker(name, params)
      );
    default:
      return false;
  }
}

const isCode = ({ name, type }: Parameter): boolean =>
  CODE.test(name) && (type === "" || /=>|Function|Callback/.test(type));

const isWork = ({ name, type }: Parameter): boolean => WORK.test(name) || WORK_TYPE.test(type);

const namesWorker = (name: string, params: readonly Parameter[]): boolean =>
  [name, ...params.flatMap((param) => [param.name, param.type])].some(
    (text) => mentionsAgent(text) || wordsOf(text).some((word) => WORKER.test(word)),
  );
