import { UserError } from "../model/userError.ts";
import type { AgentClass } from "./findClass.ts";
import { readableError } from "./readableError.ts";

/** Constructs the agent; a constructor that throws for want of arguments is the user's to answer, with the parameters named. */
export function construct(Class: AgentClass, args: unknown[], name: string): object {
  try {
    return new Class(...args);
  } catch (error) {
    const missing = missingArguments(Class, args);
    if (missing === null) throw error;
    throw new UserError(
      `${name} cannot be constructed ${missing}: give them as a JSON array (--args on the command line). The constructor said: ${readableError(error).message}`,
    );
  }
}

/** "without arguments (name, llm)" where the constructor takes more than was given, else null. */
export function missingArguments(Class: AgentClass, args: unknown[]): string | null {
  const parameters = constructorParameters(Class);
  if (parameters.length <= args.length) return null;
  const list = `(${parameters.join(", ")})`;
  return args.length === 0
    ? `without arguments ${list}`
    : `with ${args.length} of ${parameters.length} arguments ${list}`;
}

/** Names of the parameters, read from the nearest constructor that is written out; defaults and rest parameters are left out. */
export function constructorParameters(Class: AgentClass): string[] {
  let current: unknown = Class;
  while (typeof current === "function" && current !== Function.prototype) {
    const source = Function.prototype.toString.call(current);
    const start = source.startsWith("class") ? /\bconstructor\s*\(/.exec(source) : /\(/.exec(source);
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
