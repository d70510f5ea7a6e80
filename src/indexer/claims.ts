import type { Parameter } from "../model/agentRecord.ts";
import { indexSettingIds } from "../model/indexSettings.ts";
import { claimOf, mayCoordinate, wordsOf } from "./agentName.ts";
import { frameworkOf } from "./frameworks.ts";
import { foreignDecorator, isConnection } from "./impostors.ts";
import type { Linker } from "./linker.ts";
import { callable, constructorParams, entryPoint, type Linked, type Member } from "./members.ts";
import { isTest } from "./paths.ts";
import type { Target } from "./target.ts";
import type { Rules } from "./rules.ts";
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

/** What a person said of this very class, which nothing outweighs: in its comment, else in the settings. */
export function decision(model: ClassModel, rules: Rules): { isAgent: boolean; text: string } | null {
  if (model.tags.includes("notAgent")) return { isAgent: false, text: "marked @notAgent" };
  if (model.tags.includes("agent")) return { isAgent: true, text: "marked @agent" };
  const rule = rules.nameRule(model.name);
  if (rule === null) return null;
  const setting = indexSettingIds[rule.isAgent ? "agentNames" : "notAgentNames"];
  return { isAgent: rule.isAgent, text: `the name matches ${rule.pattern} of ${setting}` };
}

/** An agent decorator, or a decorator that makes another thing of it. */
export function marks(model: ClassModel): Signal[] {
  const signals: Signal[] = [];
  for (const decorator of model.decorators) {
    const other = foreignDecorator(decorator);
    if (other !== null) signals.push({ weight: -STRONG - 1, text: `decorated @${decorator}: ${other.noun}` });
    else if (claimOf(decorator).is === "agent") {
      signals.push({ weight: STRONG, text: `decorated @${decorator}` });
    }
  }
  return signals;
}

/** What its file imports; that alone says little. */
export function frameworkClaims(linker: Linker, { model, target }: Linked): Signal[] {
  if (claimOf(model.name).is !== "agent") return [];
  const framework = linker
    .specifiersOf(target.path)
    .map(frameworkOf)
    .find((name) => name !== null);
  return framework === undefined ? [] : [{ weight: 0.3, text: `its file imports ${framework}` }];
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
  linker: Linker,
  linked: Linked,
  rules: Rules,
  { inherits, hasHeirs }: { inherits: boolean; hasHeirs: boolean },
): NameClaims {
  const { model } = linked;
  const members = callable(linked.members);
  const works = members.some((member) => isWork(member, rules));
  const none: NameClaims = { signals: [], noun: null, heirNoun: null };
  const against = (weight: number, text: string, noun: string | null): NameClaims =>
    inherits ? none : { ...none, signals: [{ weight, text }], noun };
  const claim = claimOf(model.name);
  switch (claim.is) {
    case "silent":
      return mayCoordinate(model.name) ? { ...none, noun: model.name } : none;
    case "network": {
      const heirNoun = "a network connection";
      return { ...against(-STRONG, `the name ${model.name} means ${heirNoun}`, null), heirNoun };
    }
    case "operation":
      return against(-2, `the name ${model.name} means an operation on agents`, null);
    case "other":
      if (hasHeirs && works && !inherits) {
        return { ...none, signals: [{ weight: 1.5, text: "classes that are called agents extend it" }] };
      }
      return against(-2, `the name says ${claim.noun}, not agent`, claim.noun);
    case "adapter": {
      const takesTasks =
        entryPoint(members, rules) !== null ||
        model.fields.some(({ name }) => rules.capability(name) === "task_execution") ||
        linked.bases.some(isOfFramework);
      return takesTasks || inherits
        ? { ...none, signals: [{ weight: 1.5, text: `the name says it ${claim.does}` }], noun: claim.does }
        : against(-2, `${claim.does}, but takes no task`, claim.does);
    }
    case "runtime": {
      const handed = constructorParams(linker, linked).find(isAgentParameter);
      if (handed !== undefined && !inherits)
        return against(-2, `only runs the ${handed.name} it is handed`, "Runtime");
      return entryPoint(members, rules) !== null || inherits
        ? { ...none, signals: [{ weight: 1.5, text: "the name says it runs as an agent" }], noun: "Runtime" }
        : against(-2, "the name says Runtime, not agent", "Runtime");
    }
    case "agent": {
      const text = /agent$/i.test(model.name)
        ? "name ends in Agent"
        : `the name ${model.name} means an agent`;
      const named: Signal = { weight: 1.5, text };
      const connection = works || inherits ? null : connectionSign(linker, linked, members);
      if (connection !== null) {
        const told = against(-STRONG, `${connection} and takes no task: a network connection`, null);
        return { ...told, heirNoun: "a network connection" };
      }
      const isDouble = isTest(linked.target.path);
      const settled = inherits || hasHeirs || works || isDouble || model.abstract;
      const doubt = settled ? null : idleness(members, rules);
      return {
        ...none,
        signals: doubt === null ? [named] : [named, doubt],
        noun: doubt === null ? null : "agent",
      };
    }
  }
}

const isAgentParameter = ({ name, type }: Parameter): boolean =>
  claimOf(name).is === "agent" || claimOf(type.replace(/<.*/, "")).is === "agent";

const isOfFramework = (base: Target): boolean =>
  base.kind === "external" && frameworkOf(base.module) !== null;

/** What shows that an agent which takes no task passes on requests of a network; null where nothing does. */
function connectionSign(linker: Linker, { bases }: Linked, members: readonly Member[]): string | null {
  const base = bases.map((link) => linker.nameOf(link)).find(isConnection);
  if (base !== undefined) return `extends ${base}`;
  const method = members.find(({ method: { name } }) =>
    wordsOf(name).some((word) => /^(?:sockets?|cookies?)$/i.test(word)),
  );
  return method === undefined ? null : `handles connections (${method.method.name})`;
}

/** What agents of application monitoring deal in. */
const MEASURE = /^(?:transactions?|spans?)$/i;

/** Why something that is called an agent, but does no work, does nothing for anybody; null where it may. */
function idleness(all: readonly Member[], rules: Rules): Signal | null {
  const members = all.filter(({ method }) => !method.name.startsWith("_"));
  const weight = -2.5;
  if (members.length === 0) return { weight, text: "has no methods: it only holds data" };
  const keeps = members.find(keepsAgents);
  if (keeps !== undefined) {
    return { weight, text: `keeps agents (${keeps.method.name}), but takes no task` };
  }
  const [measures, more] = members.filter(({ method }) =>
    wordsOf(method.name).some((word) => MEASURE.test(word)),
  );
  if (measures !== undefined && more !== undefined) {
    return { weight, text: `measures programs (${measures.method.name}), but takes no task` };
  }
  return members.every((member) => isUpkeep(member, rules))
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
const isWork = (member: Member, rules: Rules): boolean =>
  WORK.has(rules.proves(member.method)) && !keepsAgents(member);

/** registerAgent, addSubAgents, getAgents */
function keepsAgents({ method }: Member): boolean {
  const [verb = "", ...rest] = wordsOf(method.name);
  return /^(?:register|add|get|list|remove|unregister)$/.test(verb) && /agents?$/i.test(rest.at(-1) ?? "");
}

const isUpkeep = ({ method }: Member, rules: Rules): boolean =>
  rules.proves(method) === "lifecycle" ||
  /^(?:get|set|is|has|to|on|off|toString|validate|clone)(?![a-z])/.test(method.name);

/** The method a task would be dispatched to. */
export function taskClaim(model: ClassModel, members: readonly Member[], rules: Rules): Signal[] {
  if (claimOf(model.name).is === "other") return [];
  const found = entryPoint(members, rules);
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
