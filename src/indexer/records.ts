import type { AgentRecord, BaseLink, Orchestration } from "../model/agentRecord.ts";
import { claimOf, wordsOf } from "./agentName.ts";
import { frameworkOf } from "./frameworks.ts";
import type { Verdict } from "./judge.ts";
import type { Linker } from "./linker.ts";
import type { Linked } from "./members.ts";
import type { Target } from "./target.ts";
import { capabilitiesOf, constructorParams, inheritedMethods } from "./members.ts";
import { isTest } from "./paths.ts";
import type { Rules } from "./rules.ts";

/** What the other classes of the workspace tell. */
export interface Relations {
  orchestrates: Orchestration[];
  migrated: boolean;
  adapts: string | null;
}

export function toRecord(linker: Linker, verdict: Verdict, rules: Rules, relations: Relations): AgentRecord {
  const { linked } = verdict;
  const { model, target, members } = linked;
  return {
    name: model.name,
    file_path: target.path,
    lineno: model.line,
    end_line: model.endLine,
    bases: model.extendsText === null ? [] : [model.extendsText],
    methods: model.methods
      .filter(({ name }) => !name.startsWith("#"))
      .map(({ name, lineno, docstring, async, params }) => ({ name, lineno, docstring, async, params })),
    docstring: model.docstring,
    agent_type: agentType(model.name, model.abstract),
    language: linker.languageOf(target.path),
    kind: "class",
    framework: frameworkIn(linked.bases),
    exported: model.exported,
    abstract: model.abstract,
    constructor_params: constructorParams(linker, linked),
    base_chain: linked.bases.map((base) => toLink(linker, base)),
    inherited_methods: inheritedMethods(members),
    capabilities: capabilitiesOf(members, rules),
    ...stateVersion(linker, linked),
    role: verdict.role,
    test: isTest(target.path),
    confidence: verdict.confidence,
    evidence: verdict.evidence,
    ...relations,
  };
}

export function toLink(linker: Linker, base: Target): BaseLink {
  const inside = base.kind === "class" || base.kind === "function";
  return {
    name: linker.nameOf(base),
    file_path: inside ? base.path : null,
    module: base.kind === "external" ? base.module : null,
  };
}

/** The runtime's, wherever it is imported from. */
const BASE = "BaseAgent";

/** As the class says, or the nearest of those it extends: of others than {@link BASE} the name means something else. */
function stateVersion(linker: Linker, { model, bases }: Linked): Pick<AgentRecord, "state_version"> {
  if (!bases.some((base) => linker.nameOf(base) === BASE)) return {};
  const models = [model, ...bases.map((base) => linker.declarationOf(base)?.model)];
  const version = models.find((each) => each?.stateVersion !== undefined)?.stateVersion;
  return version === undefined ? {} : { state_version: version };
}

/** The framework that the first class from outside belongs to. */
function frameworkIn(bases: readonly Target[]): string | null {
  const frameworks = bases.map((base) => (base.kind === "external" ? frameworkOf(base.module) : null));
  return frameworks.find((framework) => framework !== null) ?? null;
}

/** "ResearchAgent" → "research"; "base" for bases, "general" where the name says nothing else. */
export function agentType(name: string, abstract: boolean): string {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  if (abstract || words.includes("base")) return "base";
  const told = claimOf(name).is === "silent" ? words : words.filter((word) => !/^agents?$/.test(word));
  return told.join("_") || "general";
}
