import { capabilityOf, executionMethod } from "../runtime/core/dispatch.ts";
import { claimOf, mentionsAgent, wordsOf } from "./agentName.ts";
import { decoratedAs, foreignKind } from "./impostors.ts";
import { Linker, type ClassTarget, type Target } from "./linker.ts";
import { callable, linkClass, membersOf, type Linked, type Member } from "./members.ts";
import { orchestration } from "./orchestration.ts";
import type { Expr } from "./syntax/fileModel.ts";

export interface Verdict {
  role: "agent" | "orchestrator" | "not";
  /** 0 to 1. */
  confidence: number;
  /** Readable, the strongest first. */
  evidence: string[];
  /** Nothing about the class or its heritage speaks of agents: it is not worth mentioning. */
  unrelated: boolean;
  /** Extending this class makes another thing of the heir too: an error, an HTTP agent. */
  contagious: boolean;
}

/** Positive speaks for an agent, negative against; 3 is nearly certain, 9 is final. */
interface Signal {
  weight: number;
  text: string;
  contagious?: boolean;
}

const FINAL = 9;
const STRONG = 3;

/** Decides which classes are agents. Each class is judged once. */
export class Judge {
  readonly #linker: Linker;
  readonly #verdicts = new Map<string, Verdict | null>();

  constructor(linker: Linker) {
    this.#linker = linker;
  }

  verdictOf(target: ClassTarget): Verdict | null {
    const key = `${target.path}#${target.index}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    // A class that extends itself in a circle is judged without that circle.
    this.#verdicts.set(key, null);
    const linked = linkClass(this.#linker, target);
    const verdict = linked && this.#judge(linked);
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  #judge(linked: Linked): Verdict {
    const { model } = linked;
    const members = callable(membersOf(this.#linker, linked));
    const heritage = this.#heritage(linked.bases[0]);
    const signals = [...heritage.signals, ...this.#interfaces(linked), ...marks(linked)];
    const inherits = signals.some(({ weight }) => weight >= STRONG);
    signals.push(...ownClaims(linked, members, inherits), ...taskSignal(members, linked));
    const related =
      heritage.related || mentionsAgent(model.name) || signals.some(({ weight }) => weight >= 2);

    const score = signals.reduce((sum, { weight }) => sum + weight, 0);
    const fatal = signals.some(({ weight }) => weight <= -STRONG);
    const coordinates = score > 0 || fatal ? null : orchestration(model, members);
    const role = score > 0 ? "agent" : coordinates === null ? "not" : "orchestrator";
    const sign = role === "not" ? -1 : 1;
    const ranked = signals.sort((a, b) => sign * (b.weight - a.weight));
    return {
      role,
      confidence: role === "orchestrator" ? 0.8 : round(1 / (1 + Math.exp(-Math.abs(score)))),
      evidence:
        role === "not" ? rejection(ranked) : [...(coordinates ?? []), ...ranked.map(({ text }) => text)],
      unrelated: !related,
      contagious: signals.some(({ contagious }) => contagious === true),
    };
  }

  /** What the direct base makes of the class. */
  #heritage(base: Target | undefined): { signals: Signal[]; related: boolean } {
    if (base === undefined) return { signals: [], related: false };
    const name = this.#linker.nameOf(base);
    if (base.kind === "class") {
      const verdict = this.verdictOf(base);
      const text = `extends ${name || "a class"} (${base.path})`;
      if (verdict === null) return { signals: [], related: false };
      if (verdict.role === "agent") return { signals: [{ weight: STRONG, text }], related: true };
      const related = !verdict.unrelated;
      if (verdict.contagious) {
        return {
          signals: [{ weight: -FINAL, text: `${text}, ${verdict.evidence[0] ?? ""}`, contagious: true }],
          related,
        };
      }
      return { signals: related ? [{ weight: -1, text: `${text}, which is no agent` }] : [], related };
    }
    const module = base.kind === "external" ? base.module : null;
    const text = `extends ${name}${module === null ? "" : ` of ${module}`}`;
    const kind = foreignKind(name, module);
    const claim = claimOf(name).is;
    if (kind === "network" || claim === "network") {
      return {
        signals: [{ weight: -FINAL, text: `${text}, a network connection`, contagious: true }],
        related: mentionsAgent(name),
      };
    }
    if (claim === "agent" || (claim === "adapter" && base.kind === "external"))
      return { signals: [{ weight: STRONG, text }], related: true };
    if (kind === null) return { signals: [], related: false };
    const reason = kind === "error" ? text : `${text}, ${article(kind)}`;
    return {
      signals: [{ weight: kind === "error" ? -FINAL : -STRONG - 1, text: reason, contagious: true }],
      related: false,
    };
  }

  #interfaces({ model, target }: Linked): Signal[] {
    const names = model.implements.map((expr) => this.#interfaceName(expr, target));
    return names
      .filter((name) => claimOf(name).is === "agent")
      .map((name) => ({ weight: STRONG, text: `implements ${name}` }));
  }

  /** Interfaces leave no value behind: an unresolved name is as good as a resolved one. */
  #interfaceName(expr: Expr, place: ClassTarget): string {
    if (expr.kind === "member") return expr.name;
    const target = this.#linker.resolve(expr, place);
    const name = target === null ? "" : this.#linker.nameOf(target);
    return name !== "" || expr.kind !== "name" ? name : this.#linker.writtenName(expr, place);
  }
}

/** `@agent` in the comment, an agent decorator, or a decorator that makes another thing of it. */
function marks({ model }: Linked): Signal[] {
  const signals: Signal[] = [];
  if (model.tags.includes("agent")) signals.push({ weight: FINAL, text: "marked @agent" });
  const decorator = model.decorators.find((name) => claimOf(name).is === "agent");
  if (decorator !== undefined) signals.push({ weight: STRONG, text: `decorated with @${decorator}` });
  const other = decoratedAs(model.decorators);
  if (other !== null) {
    signals.push({ weight: -STRONG - 1, text: `decorated with @${other.decorator}: ${other.noun}` });
  }
  return signals;
}

/** What name and shape claim; where the heritage makes it an agent, a name such as GroupChatManager changes nothing. */
function ownClaims({ model }: Linked, members: readonly Member[], inherits: boolean): Signal[] {
  const claim = claimOf(model.name);
  const works = members.some(({ method }) => isWork(method.name));
  switch (claim.is) {
    case "network":
      return inherits
        ? []
        : [{ weight: -STRONG, text: `the name ${model.name} speaks of a network connection` }];
    case "operation":
      return inherits ? [] : [{ weight: -2, text: `the name ${model.name} is an operation on agents` }];
    case "other":
      return inherits ? [] : [{ weight: -2, text: `the name says ${claim.noun}, not agent` }];
    case "adapter":
      return [
        { weight: works ? 1.5 : -2, text: works ? "adapts an agent" : "adapts an agent but takes no task" },
      ];
    case "silent":
      return [];
    case "agent": {
      const signals: Signal[] = [{ weight: 1.5, text: nameText(model.name) }];
      if (inherits || works) return signals;
      if (members.length === 0 && !model.abstract)
        signals.push({ weight: -2.5, text: "has no methods: it only holds data" });
      const keeps = members.find(({ method }) => keepsAgents(method.name));
      if (keeps !== undefined) {
        signals.push({ weight: -2.5, text: `keeps agents (${keeps.method.name}) but takes no task` });
      }
      return signals;
    }
  }
}

const WORK = new Set(["task_execution", "streaming", "orchestration", "planning", "messaging", "tool_usage"]);

/** Something is done for the caller, beyond keeping agents and being started. */
const isWork = (method: string): boolean => WORK.has(capabilityOf(method) ?? "") && !keepsAgents(method);

/** registerAgent, addSubAgents, getAgents */
function keepsAgents(method: string): boolean {
  const [verb = "", ...rest] = wordsOf(method);
  return /^(?:register|add|get|list|remove|unregister)$/.test(verb) && /agents?$/i.test(rest.at(-1) ?? "");
}

function taskSignal(members: readonly Member[], { model }: Linked): Signal[] {
  const name = executionMethod(members.map(({ method }) => method.name));
  const found = members.find(({ method }) => method.name === name);
  if (found === undefined || claimOf(model.name).is === "other") return [];
  const [first] = found.method.params;
  const place = found.own ? "" : ` (inherited from ${found.from.name})`;
  return first === undefined
    ? [{ weight: 0.3, text: `method ${found.method.name}() acts${place}` }]
    : [
        {
          weight: 1,
          text: `method ${found.method.name} takes ${article(first.name.replace(/^\.\.\./, ""))}${place}`,
        },
      ];
}

const nameText = (name: string): string =>
  /agent$/i.test(name) ? "name ends in Agent" : `name ${name} is that of an agent`;

function article(noun: string): string {
  if (!/^[a-z][a-z ]*$/i.test(noun)) return "an argument";
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** The reason first; what spoke for an agent follows. */
function rejection(ranked: readonly Signal[]): string[] {
  const [reason, ...more] = ranked;
  if (reason === undefined || reason.weight >= 0) return ["not an agent: nothing shows that it takes tasks"];
  return [`not an agent: ${reason.text}`, ...more.map(({ text }) => text)];
}

const round = (value: number): number => Math.round(value * 100) / 100;
