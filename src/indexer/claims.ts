import { claimOf, wordsOf } from "./agentName.ts";
import { foreignDecorator } from "./impostors.ts";
import type { Linker } from "./linker.ts";
import { capability, entryPoint, type Linked, type Member } from "./members.ts";
import type { ClassModel } from "./syntax/fileModel.ts";

/** A weight speaks for an agent or, below zero, against; `STRONG` is nearly certain. */
export interface Signal {
  weight: number;
  text: string;
}

export const STRONG = 3;

/** The texts, strongest first; `sign` -1 puts what speaks against first. What opposes the rest starts with "but". */
export const ranked = (signals: readonly Signal[], sign: 1 | -1): string[] =>
  [...signals]
    .sort((a, b) => sign * (b.weight - a.weight))
    .map(({ weight, text }) => (sign * weight < 0 ? `but ${text}` : text));

export function interfaceClaims(linker: Linker, { model, target }: Linked): Signal[] {
  return model.implements
    .map((expr) => linker.typeName(expr, target))
    .filter((name) => claimOf(name).is === "agent")
    .map((name) => ({ weight: STRONG, text: `implements ${name}` }));
}

/** `@agent` in the comment, an agent decorator, or a decorator that makes another thing of it. */
export function marks(model: ClassModel): Signal[] {
  const signals: Signal[] = [];
  if (model.tags.includes("agent")) signals.push({ weight: 3 * STRONG, text: "marked @agent" });
  for (const decorator of model.decorators) {
    const other = foreignDecorator(decorator);
    if (other !== null) signals.push({ weight: -STRONG - 1, text: `decorated @${decorator}: ${other.noun}` });
    else if (claimOf(decorator).is === "agent") {
      signals.push({ weight: STRONG, text: `decorated @${decorator}` });
    }
  }
  return signals;
}

export interface NameClaims {
  signals: Signal[];
  /** The name says it is something else about agents, or keeps them: it may orchestrate. Null otherwise. */
  noun: string | null;
  /** What heirs are too. */
  heirNoun: string | null;
}

/** What name and shape say. Where heritage makes it an agent, a name such as GroupChatManager changes nothing. */
export function nameClaims(
  model: ClassModel,
  members: readonly Member[],
  inherits: boolean,
  hasHeirs: boolean,
): NameClaims {
  const none: NameClaims = { signals: [], noun: null, heirNoun: null };
  const against = (weight: number, text: string, noun: string | null): NameClaims =>
    inherits ? none : { ...none, signals: [{ weight, text }], noun };
  const claim = claimOf(model.name);
  switch (claim.is) {
    case "silent":
      return none;
    case "network": {
      const heirNoun = "a network connection";
      return { ...against(-STRONG, `the name ${model.name} means ${heirNoun}`, null), heirNoun };
    }
    case "operation":
      return against(-2, `the name ${model.name} means an operation on agents`, null);
    case "other":
      return against(-2, `the name says ${claim.noun}, not agent`, claim.noun);
    case "adapter": {
      const works = members.some(isWork);
      return works || inherits
        ? { ...none, signals: [{ weight: 1.5, text: "the name says it adapts an agent" }] }
        : against(-2, "adapts an agent, but takes no task", "adapter");
    }
    case "agent": {
      const text = /agent$/i.test(model.name)
        ? "name ends in Agent"
        : `the name ${model.name} means an agent`;
      const named: Signal = { weight: 1.5, text };
      const doubt = inherits || hasHeirs || model.abstract ? null : idleness(members);
      return {
        ...none,
        signals: doubt === null ? [named] : [named, doubt],
        noun: doubt === null ? null : "agent",
      };
    }
  }
}

/** Why something that is called an agent does nothing for anybody; null where it may. */
function idleness(members: readonly Member[]): Signal | null {
  if (members.some(isWork)) return null;
  const weight = -2.5;
  if (members.length === 0) return { weight, text: "has no methods: it only holds data" };
  const keeps = members.find(keepsAgents);
  if (keeps !== undefined) {
    return { weight, text: `keeps agents (${keeps.method.name}), but takes no task` };
  }
  return members.every(isUpkeep)
    ? { weight, text: "can only be started, stopped and asked for its state" }
    : null;
}

const WORK: ReadonlySet<string | null> = new Set([
  "task_execution",
  "streaming",
  "orchestration",
  "planning",
  "messaging",
  "tool_usage",
]);

/** Something is done for the caller, beyond keeping agents and being started. */
const isWork = (member: Member): boolean => WORK.has(capability(member.method.name)) && !keepsAgents(member);

/** registerAgent, addSubAgents, getAgents */
function keepsAgents({ method }: Member): boolean {
  const [verb = "", ...rest] = wordsOf(method.name);
  return /^(?:register|add|get|list|remove|unregister)$/.test(verb) && /agents?$/i.test(rest.at(-1) ?? "");
}

const isUpkeep = ({ method }: Member): boolean =>
  capability(method.name) === "lifecycle" ||
  /^(?:get|set|is|has|to|on|off|toString|validate|clone)(?![a-z])/.test(method.name);

/** The method a task would be dispatched to. */
export function taskClaim(model: ClassModel, members: readonly Member[]): Signal[] {
  if (claimOf(model.name).is === "other") return [];
  const found = entryPoint(members);
  if (found === null) return [];
  const from = found.own ? "" : ` (inherited from ${found.from.name})`;
  const [first] = found.method.params;
  return first === undefined
    ? [{ weight: 0.3, text: `method ${found.method.name} acts${from}` }]
    : [{ weight: 1, text: `method ${found.method.name} takes ${argument(first.name)}${from}` }];
}

/** "_message" → "a message" */
function argument(name: string): string {
  const noun = name.replace(/^(?:\.\.\.|_)+/, "");
  if (!/^[a-z]\w*$/i.test(noun)) return "an argument";
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}
