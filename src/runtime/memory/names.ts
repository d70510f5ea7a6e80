import { redactText } from "../checkpoint/redact.ts";
import { AgentUsageError } from "../core/errors.ts";

const longest = 512;

/** The namespace of an agent that names none. */
export const defaultNamespace = "default";

/** Throws an {@link AgentUsageError} for what holds no settings: they would count for nothing. */
export function checkSettings(what: string, settings: unknown): void {
  if (typeof settings !== "object" || settings === null) {
    throw new AgentUsageError(
      `${what} is an object, and not ${settings === null ? "null" : typeof settings}.`,
    );
  }
}

/** Checks words to find by. */
export function checkTags(tags: readonly string[]): string[] {
  const given: unknown = tags;
  if (!Array.isArray(given)) throw new AgentUsageError("The tags are an array of texts.");
  return [...new Set(tags.map((tag) => checkName("A tag", tag)))];
}

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
