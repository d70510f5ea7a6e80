import type { IndexSettings } from "../model/indexSettings.ts";
import { capabilityOf, type CapabilityName } from "../runtime/core/dispatch.ts";
import { mentionsAgent } from "./agentName.ts";
import { contradicts } from "./contradictions.ts";
import type { MethodModel } from "./syntax/fileModel.ts";
import { wildcard } from "../model/wildcard.ts";

/** A setting that decides about a class name. */
export interface NameRule {
  isAgent: boolean;
  /** As written in the settings: "*Worker". */
  pattern: string;
}

/** The rules by names: our own tables, and before them what the settings of a folder add. */
export class Rules {
  readonly #agentNames: readonly Pattern[];
  readonly #notAgentNames: readonly Pattern[];
  readonly #agentBases: readonly Pattern[];
  readonly #methods: readonly (readonly [CapabilityName, readonly Pattern[]])[];
  /** Heirs of one base share hundreds of method names. */
  readonly #capabilities = new Map<string, CapabilityName | null>();

  constructor(settings: IndexSettings) {
    this.#agentNames = settings.agentNames.map(patternOf);
    this.#notAgentNames = settings.notAgentNames.map(patternOf);
    this.#agentBases = settings.agentBases.map(patternOf);
    this.#methods = Object.entries(settings.capabilities).map(
      ([name, methods]) => [name as CapabilityName, methods.map(patternOf)] as const,
    );
  }

  /** What the settings say of a class of this name; null where they say nothing. */
  nameRule(name: string): NameRule | null {
    const not = this.#notAgentNames.find(({ matches }) => matches.test(name));
    if (not !== undefined) return { isAgent: false, pattern: not.written };
    const agent = this.#agentNames.find(({ matches }) => matches.test(name));
    return agent === undefined ? null : { isAgent: true, pattern: agent.written };
  }

  isAgentBase(name: string): boolean {
    return this.#agentBases.some(({ matches }) => matches.test(name));
  }

  /** A class of this name, or one that extends it, may be an agent: it is worth parsing. */
  mayMeanAgent(name: string): boolean {
    return mentionsAgent(name) || this.#isAdded(name);
  }

  /** The capability that a method of this name proves. */
  capability(method: string): CapabilityName | null {
    const known = this.#capabilities.get(method);
    if (known !== undefined) return known;
    const found = this.#addedCapability(method) ?? capabilityOf(method);
    this.#capabilities.set(method, found);
    return found;
  }

  /** The capability that a method proves by its name, unless its parameters speak against that. */
  proves(method: MethodModel): CapabilityName | null {
    const capability = this.capability(method.name);
    if (capability === null || !contradicts(capability, method)) return capability;
    return this.#addedCapability(method.name);
  }

  /** The settings say what a method of this name proves. */
  addsCapability(method: string): boolean {
    return this.#addedCapability(method) !== null;
  }

  #addedCapability(method: string): CapabilityName | null {
    const found = this.#methods.find(([, patterns]) => patterns.some(({ matches }) => matches.test(method)));
    return found?.[0] ?? null;
  }

  #isAdded(name: string): boolean {
    return this.isAgentBase(name) || this.#agentNames.some(({ matches }) => matches.test(name));
  }
}

interface Pattern {
  written: string;
  matches: RegExp;
}

/** `*` stands for any characters. */
const patternOf = (written: string): Pattern => ({ written, matches: wildcard(written) });
