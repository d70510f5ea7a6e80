import { UserError } from "../model/userError.ts";
import type { AgentClass, AgentFactory, Found } from "./findAgent.ts";
import { readableError } from "./readableError.ts";

/**
 * The agent of what was found: constructed, made by its factory, or as it is. One that cannot be made for want of
 * arguments is the user's to answer, with the parameters named.
 */
export async function makeAgent(found: Found, args: unknown[], name: string): Promise<object> {
  if (found.kind === "instance") {
    if (args.length > 0)
      throw new UserError(`${name} is made already and takes no arguments: leave them out.`);
    return settled(found.agent, `The export ${name} is`);
  }
  return settled(make(found, args, name), `${name} made`);
}

function make(found: Exclude<Found, { kind: "instance" }>, args: unknown[], name: string): unknown {
  try {
    return found.kind === "class" ? new found.make(...args) : found.make(...args);
  } catch (error) {
    const missing = missingArguments(found.make, args);
    if (missing === null) throw error;
    const [done, who] = found.kind === "class" ? ["constructed", "constructor"] : ["made", "function"];
    throw new UserError(
      `${name} cannot be ${done} ${missing}: give them as a JSON array (--args on the command line). The ${who} said: ${readableError(error).message}`,
    );
  }
}

/** Factories may be asynchronous, and a module may export the promise of an agent. */
async function settled(made: unknown, what: string): Promise<object> {
  const agent = made instanceof Promise ? ((await made) as unknown) : made;
  if ((typeof agent === "object" || typeof agent === "function") && agent !== null) return agent;
  throw new UserError(`${what} ${agent === null ? "null" : typeof agent}, which is no agent.`);
}

/** "without arguments (name, llm)" where the constructor takes more than was given, else null. */
export function missingArguments(Class: AgentClass | AgentFactory, args: unknown[]): string | null {
  const parameters = constructorParameters(Class);
  if (parameters.length <= args.length) return null;
  const list = `(${parameters.join(", ")})`;
  return args.length === 0
    ? `without arguments ${list}`
    : `with ${args.length} of ${parameters.length} arguments ${list}`;
}

/** Names of the parameters, read from the nearest constructor that is written out; defaults and rest parameters are left out. */
export function constructorParameters(Class: AgentClass | AgentFactory): string[] {
  let current: unknown = Class;
  while (typeof current === "function" && current !== Function.prototype) {
    const source = Function.prototype.toString.call(current);
    const start = source.startsWith("class") ? /\bconstructor\s*\(/.exec(source) : /^[^(=]*\(/.exec(source);
    if (start) {
      return splitParameters(source.slice(start.index + start[0].length)).filter(
        (parameter) => !parameter.includes("=") && !parameter.startsWith("..."),
      );
    }
    current = Object.getPrototypeOf(current);
  }
  return [];
}

/** Splits at the commas of the list's own level, up to its closing parenthesis. */
function splitParameters(source: string): string[] {
  const parameters: string[] = [];
  let depth = 0;
  let current = "";
  for (const char of source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")) {
    if (depth === 0 && (char === "," || char === ")")) {
      parameters.push(current.trim().replace(/\s+/g, " "));
      current = "";
      if (char === ")") break;
      continue;
    }
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    current += char;
  }
  return parameters.filter((parameter) => parameter !== "");
}
