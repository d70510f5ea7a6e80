import type { AgentRecord } from "../model/agentRecord.ts";
import { claimOf } from "./agentName.ts";
import { closure } from "./closure.ts";
import { Externals } from "./externals.ts";
import { Judge, type Verdict } from "./judge.ts";
import { Makings } from "./makings.ts";
import { nonClasses } from "./nonClasses.ts";
import { Linker } from "./linker.ts";
import { keyOf, type ClassTarget, type Target } from "./target.ts";
import type { Linked } from "./members.ts";
import type { ModuleResolver } from "./moduleResolver.ts";
import { OrchestrationFinder } from "./orchestrates.ts";
import { loadParser } from "./parsing.ts";
import type { Pause } from "./pause.ts";
import { Plausible } from "./plausible.ts";
import type { Readers } from "./readers.ts";
import { toRecord } from "./records.ts";
import type { Rules } from "./rules.ts";
import type { Sources } from "./sources.ts";
import type { MethodModel } from "./syntax/fileModel.ts";

export interface Analysis {
  agents: AgentRecord[];
  rejected: AgentRecord[];
  notes: string[];
}

/** The runtime's adapter, wherever it is imported from. */
const ADAPTER = "UniversalAgentAdapter";

/** From what is known of all texts to records: closure by name, parse the candidates, link, judge. */
export async function analyse(
  sources: Sources,
  resolver: ModuleResolver,
  rules: Rules,
  readers: Readers,
  pause: Pause,
  onProgress: (done: number, total: number) => void,
): Promise<Analysis> {
  const used = new Set<string>();
  const model = (path: string) => {
    used.add(path);
    return sources.model(path);
  };
  const linker = new Linker(model, resolver.locate, new Externals(resolver.typings));
  // Modules are looked up by what configurations say: the parser reads them.
  await loadParser();
  const reached = closure(sources.facts, resolver.locate, rules);
  const paths = [...reached.paths].sort();
  await readers.share(sources.parsing(paths), pause, (done) =>
    onProgress(sources.facts.size + done, sources.facts.size + paths.length),
  );

  const plausible = new Plausible(reached.names, resolver.locate, rules);
  const targets = paths.flatMap((path) => {
    const file = model(path);
    if (file === null) return [];
    const all = sources.facts.get(path)?.tagged === true;
    return [...file.classes.entries()]
      .filter(([, declared]) => all || plausible.mayBeAgent(declared, path, file))
      .map(([index]): ClassTarget => ({ kind: "class", path, index, env: null }));
  });
  const judge = new Judge(linker, rules, plausible, heirs(linker, rules, targets));
  const found: Verdict[] = [];
  const wrapped = new Set<string>();
  const adapters = new Map<string, string>();
  for (const target of targets) {
    await pause.here();
    const verdict = judge.verdictOf(target);
    if (verdict === null || verdict.unrelated) continue;
    found.push(verdict);
    const legacy = legacyOf(linker, verdict.linked);
    if (legacy === null) continue;
    adapters.set(keyOf(target), linker.nameOf(legacy));
    if (legacy.kind === "class") wrapped.add(keyOf(legacy));
  }

  const agents = found.filter(({ role }) => role !== "not").map(({ linked }) => linked);
  const aliases = [...sources.facts.values()].flatMap((facts) => facts.exports);
  const orchestrations = new OrchestrationFinder(linker, agents, aliases);
  const records = found.map((verdict) =>
    toRecord(linker, verdict, rules, {
      orchestrates: orchestrations.of(verdict.linked),
      migrated: wrapped.has(keyOf(verdict.linked.target)),
      adapts: adapters.get(keyOf(verdict.linked.target)) ?? null,
    }),
  );
  const makings = new Makings(linker, judge, model, resolver.packageOf, plausible);
  const known = { facts: sources.facts, locate: resolver.locate, model };
  records.push(...(await nonClasses(linker, rules, makings, plausible, paths, known, pause)));
  records.sort(byPlace);
  sources.keepModels(used);
  return {
    agents: records.filter(({ role }) => role !== "not"),
    rejected: records.filter(({ role }) => role === "not"),
    notes: sources.notes(used),
  };
}

const byPlace = (a: AgentRecord, b: AgentRecord): number =>
  a.file_path === b.file_path ? a.lineno - b.lineno : a.file_path < b.file_path ? -1 : 1;

const isPublic = ({ name, private: isPrivate }: MethodModel): boolean => !isPrivate && !name.startsWith("_");

/** Which classes are extended, directly or not, by one that is called an agent, where one of both does something. */
function heirs(
  linker: Linker,
  rules: Rules,
  targets: readonly ClassTarget[],
): (target: ClassTarget) => boolean {
  const extended = new Set<string>();
  for (const target of targets) {
    const name = linker.nameOf(target);
    if (!(rules.nameRule(name)?.isAgent ?? claimOf(name).is === "agent")) continue;
    const acts = linker.classModel(target)?.methods.some(isPublic) === true;
    for (const base of linker.basesOf(target)) {
      if (base.kind !== "class") continue;
      if (acts || linker.classModel(base)?.methods.some(isPublic) === true) extended.add(keyOf(base));
    }
  }
  return (target) => extended.has(keyOf(target));
}

/** For an adapter: the class it wraps. */
function legacyOf(linker: Linker, { model, target, bases }: Linked): Target | null {
  const [base] = bases;
  if (base === undefined || linker.nameOf(base) !== ADAPTER) return null;
  const [type] = model.extendsTypes;
  const written = model.superNew ?? type;
  return written === undefined ? null : linker.resolve(written, target);
}
