import { redactText } from "../checkpoint/redact.ts";
import { AgentUsageError } from "../core/errors.ts";

const longest = 512;

/** The namespace of an agent that names none. */
export const defaultNamespace = "default";

/**
 * Checks a key, namespace or tag; `what` names it. Names stand in messages and file names as they are: what looks like a
 * secret is none, and is not repeated.
 */
export function checkName(what: string, name: string): string {
  if (typeof name !== "string" || name === "") {
    throw new AgentUsageError(`${what} is a text that is not empty.`);
  }
  if (name.length > longest) {
    throw new AgentUsageError(`${what} has ${name.length} characters: take ${longest} at most.`);
  }
  if (redactText(name).count > 0) {
    throw new AgentUsageError(
      `${what} holds what looks like a secret, which is not kept: take another name.`,
    );
  }
  return name;
}
