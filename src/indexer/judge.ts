import { indexSettingIds } from "../model/indexSettings.ts";
import { claimOf, mayCoordinate } from "./agentName.ts";
import {
  decision,
  frameworkClaims,
  marks,
  nameClaims,
  ranked,
  STRONG,
  taskClaim,
  type Signal,
} from "./claims.ts";
import { agentClassOf } from "./frameworkMakers.ts";
import { frameworkOf } from "./frameworks.ts";
import { foreignBase } from "./impostors.ts";
import { interfaceClaims, interfaceOrchestration, interfacesOf } from "./interfaceClaims.ts";
import { MAX_CHAIN, type Linker } from "./linker.ts";
import { keyOf, ofKey, type ClassTarget, type Target } from "./target.ts";
import { callable, entryPoint, linkClass, type Linked, type Member } from "./members.ts";
import type { Kept, Memo } from "./memo.ts";
import { orchestration } from "./orchestration.ts";
import type { Plausible } from "./plausible.ts";
import type { Rules } from "./rules.ts";

export interface Verdict {
  linked: Linked;
  role: "agent" | "orchestrator" | "not";
  /** 0 to 1. */
  confidence: number;
  /** Readable, the strongest first. */
  evidence: string[];
  /** Neither name nor heritage speaks of agents: not worth mentioning. */
  unrelated: boolean;
  /** What it makes of its heirs, whatever they are called: "an error"; null where it leaves that open. */
  noun: string | null;
}

const AGENT_BASES = `one of ${indexSettingIds.agentBases}`;
const FINAL = 9;
/** At least one signal must weigh this much: methods alone make no agent. */
const PRESENTED = 1.5;
const ORCHESTRATOR_CONFIDENCE = 0.8;

interface Heritage {
  signals: Signal[];
  related: boolean;
  noun: string | null;
  /** The evidence, where the base is an orchestrator. */
  orchestrates: string[] | null;
}

const SILENT: Heritage = { signals: [], related: false, noun: null, orchestrates: null };

/** Decides which classes are agents. Each class is judged once, its base before it. */
export class Judge {
  readonly #linker: Linker;
  readonly #rules: Rules;
  readonly #plausible: Plausible;
  readonly #hasHeirs: (target: ClassTarget) => boolean;
  readonly #verdicts: Kept<Verdict | null>;

  /** @param hasHeirs whether classes that are called agents extend a class */
  constructor(
    linker: Linker,
    rules: Rules,
    plausible: Plausible,
    hasHeirs: (target: ClassTarget) => boolean,
    memo: Memo,
  ) {
    this.#linker = linker;
    this.#rules = rules;
    this.#plausible = plausible;
    this.#hasHeirs = hasHeirs;
    // A class that extends itself in a circle is judged without the circle.
    this.#verdicts = memo.kept((key) => this.#judged({ kind: "class", ...ofKey(key), env: null }), null);
  }

  verdictOf(target: ClassTarget): Verdict | null {
    // A mixin's class is another one with every base it is applied to.
    return target.env === null ? this.#verdicts.get(keyOf(target)) : this.#judged(target);
  }

  #judged(target: ClassTarget): Verdict | null {
    const linked = linkClass(this.#linker, target);
    return linked === null ? null : this.#judge(linked);
  }

  #judge(linked: Linked): Verdict {
    const { model, target } = linked;
    const members = callable(linked.members);
    const heritage = this.#heritage(linked.bases);
    const interfaces = interfacesOf(this.#linker, this.#plausible, linked);
    const signals = [
      ...heritage.signals,
      ...interfaceClaims(interfaces, linked, this.#rules),
      ...marks(model),
    ];
    if (this.#rules.isAgentBase(model.name)) signals.push({ weight: STRONG, text: `is ${AGENT_BASES}` });
    const inherits = signals.some(({ weight }) => weight >= STRONG);
    const claimed = nameClaims(this.#linker, linked, this.#rules, {
      inherits,
      hasHeirs: this.#hasHeirs(target),
    });
    signals.push(
      ...claimed.signals,
      ...taskClaim(model, members, this.#rules),
      ...frameworkClaims(this.#linker, linked),
    );
    const decided = decision(model, this.#rules);
    if (decided !== null) return decidedVerdict(linked, decided, signals);

    const score = signals.reduce((sum, { weight }) => sum + weight, 0);
    const isAgent = score > 0 && signals.some(({ weight }) => weight >= PRESENTED);
    const fatal = signals.some(({ weight }) => weight <= -STRONG);
    const may = !fatal && !inherits;
    const own = may && claimed.noun !== null ? this.#orchestration(linked, members) : null;
    const declared = may ? interfaceOrchestration(interfaces) : null;
    const coordinates = own ?? declared ?? (isAgent ? null : heritage.orchestrates);
    const related = heritage.related || inherits || isAgent || coordinates !== null;
    const unrelated = !related && !this.#rules.mayMeanAgent(model.name);
    const noun = heritage.noun ?? (isAgent ? null : claimed.heirNoun);
    if (coordinates !== null) {
      const evidence = [...coordinates, ...ranked(signals, 1)];
      return { linked, role: "orchestrator", confidence: ORCHESTRATOR_CONFIDENCE, evidence, unrelated, noun };
    }
    const confidence = Math.round(100 / (1 + Math.exp(-Math.abs(score)))) / 100;
    if (isAgent) return { linked, role: "agent", confidence, evidence: ranked(signals, 1), unrelated, noun };
    const [reason = "nothing shows that it takes tasks", ...more] = ranked(signals, -1);
    return {
      linked,
      role: "not",
      confidence,
      evidence: [`not an agent: ${reason}`, ...more],
      unrelated,
      noun,
    };
  }

  #orchestration({ model, target }: Linked, members: readonly Member[]): string[] | null {
    const told = orchestration(model, members, this.#rules);
    if (told !== null || !mayCoordinate(model.name) || entryPoint(members, this.#rules)?.own !== true)
      return told;
    const agents = new Map<string, string>();
    for (const { how, of } of model.uses) {
      const used = how === "registers" ? null : this.#linker.resolve(of, target);
      if (used?.kind !== "class" || this.verdictOf(used)?.role !== "agent") continue;
      agents.set(keyOf(used), this.#linker.nameOf(used));
    }
    return agents.size > 1 ? [`works with several agents (${[...agents.values()].join(", ")})`] : null;
  }

  /** What the heritage makes of the class: that of a base in the workspace is judged with it. */
  #heritage(bases: readonly Target[]): Heritage {
    const [base, ...further] = bases;
    // Longer heritage is that of a mixin that applies itself.
    if (base === undefined || bases.length >= MAX_CHAIN) return SILENT;
    if (base.kind === "class") return this.#workspaceBase(base);
    const text = `extends ${this.#linker.nameOf(base)}${base.kind === "external" ? ` of ${base.module}` : ""}`;
    const found = [
      this.#foreign(base, text),
      ...further.map((link) => this.#foreign(link, `${text}, which extends ${this.#linker.nameOf(link)}`)),
    ];
    const tells = ({ signals }: Heritage) => signals.length > 0;
    const final = ({ signals }: Heritage) => signals.some(({ weight }) => weight <= -FINAL);
    const decides = found.find(final) ?? found.find(tells) ?? SILENT;
    return { ...decides, related: found.some(({ related }) => related) };
  }

  /** What a base from outside the workspace, direct or not, says for itself. */
  #foreign(base: Target, text: string): Heritage {
    const name = this.#linker.nameOf(base);
    const related = this.#rules.mayMeanAgent(name);
    const named = this.#namedBase(name, text);
    if (named !== null) return { ...SILENT, signals: [named], related };
    const claim = claimOf(name).is;
    const module = base.kind === "external" ? base.module : null;
    const kind = foreignBase(name, module);
    // The HttpAgent of an agent framework talks to an agent.
    const isFramework = module !== null && frameworkOf(module) !== null;
    if (kind !== null || (claim === "network" && !isFramework)) {
      const { noun, final } = kind ?? { noun: "a network connection", final: true };
      const reason = noun === "an error" ? text : `${text}, ${noun}`;
      return { ...SILENT, signals: [{ weight: final ? -FINAL : -STRONG - 1, text: reason }], related, noun };
    }
    const isAgent =
      claim === "agent" ||
      claim === "network" ||
      (module !== null && (claim === "adapter" || agentClassOf(module, name) !== null));
    return { ...SILENT, signals: isAgent ? [{ weight: STRONG, text }] : [], related };
  }

  #workspaceBase(base: ClassTarget): Heritage {
    const verdict = this.verdictOf(base);
    if (verdict === null) return SILENT;
    const name = this.#linker.nameOf(base);
    const text = `extends ${name || "a class"} (${base.path})`;
    const named = this.#namedBase(name, text);
    if (named !== null) return { ...SILENT, signals: [named], related: true };
    if (verdict.role === "agent") return { ...SILENT, signals: [{ weight: STRONG, text }], related: true };
    if (verdict.role === "orchestrator") {
      return { ...SILENT, related: true, orchestrates: [`${text}, an orchestrator`] };
    }
    const { noun } = verdict;
    const related = !verdict.unrelated;
    if (noun !== null)
      return { ...SILENT, signals: [{ weight: -FINAL, text: `${text}, ${noun}` }], related, noun };
    return {
      ...SILENT,
      signals: related ? [{ weight: -1, text: `${text}, which is no agent` }] : [],
      related,
    };
  }

  /** The settings say that heirs of this base are agents. */
  #namedBase(name: string, text: string): Signal | null {
    if (!this.#rules.isAgentBase(name)) return null;
    return { weight: 2 * STRONG, text: `${text}, ${AGENT_BASES}` };
  }
}

function decidedVerdict(
  linked: Linked,
  { isAgent, text }: { isAgent: boolean; text: string },
  signals: readonly Signal[],
): Verdict {
  const evidence = isAgent
    ? [text, ...ranked(signals, 1)]
    : [`not an agent: ${text}`, ...ranked(signals, -1)];
  return { linked, role: isAgent ? "agent" : "not", confidence: 1, evidence, unrelated: false, noun: null };
}
