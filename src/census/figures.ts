import type { AsyncSplit, Census } from "../model/census.ts";

/** One number of a census with its name, what there is to add, and what exactly was counted. */
export interface Figure {
  id: string;
  label: string;
  value: number;
  /** "" where there is nothing to add. */
  detail: string;
  meaning: string;
}

export interface FigureGroup {
  title: string;
  figures: Figure[];
}

const CAPABILITY_LABELS: Record<string, string> = {
  lifecycle: "Lifecycle methods",
  task_execution: "Task methods",
  tool_usage: "Tool methods",
  memory_access: "Memory methods",
  messaging: "Messaging methods",
  orchestration: "Orchestration methods",
  planning: "Planning methods",
  streaming: "Streaming methods",
};

/** The numbers of a census in the order in which they are read: on the terminal, in documents and in the panel. */
export function figuresOf(census: Census): FigureGroup[] {
  return [
    { title: "Agents", figures: agentFigures(census) },
    { title: "Base classes", figures: baseFigures(census) },
    { title: "Methods that agents declare", figures: methodFigures(census) },
    { title: "Orchestration", figures: orchestrationFigures(census) },
  ];
}

function agentFigures(census: Census): Figure[] {
  const { agents, kinds, languages, migration, tests, foreign } = census;
  const share = (n: number) => percent(n, agents);
  const figures = [
    figure(
      "agents",
      "Agents",
      agents,
      list({
        class: kinds.class,
        instance: kinds.instance,
        "factory function": kinds.factory,
      }),
      tests.counted
        ? "Agents and orchestrators, with those in test files; adapters of migrations are left out."
        : "Agents and orchestrators outside of test files; adapters of migrations are left out.",
    ),
    figure(
      "languages",
      "In TypeScript",
      languages.typescript,
      `${languages.javascript} in JavaScript`,
      "By the ending of the file.",
    ),
    figure(
      "orchestrators",
      "Orchestrators",
      census.orchestrators,
      share(census.orchestrators),
      "Classes that coordinate several agents and are not presented as one; they are among the agents.",
    ),
    figure(
      "abstract",
      "Abstract",
      census.abstract,
      share(census.abstract),
      "Classes that are declared abstract; they are among the agents.",
    ),
    figure(
      "exported",
      "Exported",
      census.exported,
      share(census.exported),
      "What its file exports under any name.",
    ),
    figure(
      "withoutCapability",
      "Without a capability",
      census.withoutCapability,
      share(census.withoutCapability),
      "No method, own or inherited, has a name that proves a capability.",
    ),
    figure(
      "migrated",
      "Migrated",
      migration.migrated,
      `of ${migration.possible} (${percent(migration.migrated, migration.possible)})`,
      "Classes with an adapter to BaseAgent, of those that are not abstract.",
    ),
    figure(
      "tests",
      "In test files",
      tests.agents,
      tests.agents === 0 ? "" : tests.counted ? "counted here" : "not counted here",
      "Agents in folders and files named as tests, specs and mocks are.",
    ),
  ];
  const known = Object.values(foreign).reduce((sum, n) => sum + n, 0);
  return known === 0
    ? figures
    : [
        ...figures,
        figure(
          "foreign",
          "In other languages",
          known,
          list(foreign, false),
          "Classes that only an existing index file tells of; nothing else here counts them.",
        ),
      ];
}

function baseFigures({ bases, families, standalone, agents }: Census): Figure[] {
  const fromPackages = bases.packages.reduce((sum, { bases: names }) => sum + names.length, 0);
  return [
    figure(
      "bases",
      "Base classes",
      bases.all,
      [
        `${bases.workspace} own`,
        `${fromPackages} of packages`,
        ...(bases.unresolved === 0 ? [] : [`${bases.unresolved} unresolved`]),
      ].join(", "),
      "Distinct classes that agents extend directly.",
    ),
    figure(
      "families",
      "Families",
      families.length,
      families[0] === undefined ? "" : `largest: ${families[0].name} (${families[0].members.length})`,
      "Agents that go back to one root: the farthest agent or package class up the heritage; Node's classes and event emitters only where there is nothing else.",
    ),
    figure(
      "standalone",
      "Standing alone",
      standalone.length,
      percent(standalone.length, agents),
      "Agents that extend nothing and that no agent extends.",
    ),
  ];
}

function methodFigures({ methods, entryPoints }: Census): Figure[] {
  const { capabilities, ...all } = methods;
  return [
    ...Object.entries(capabilities).map(([name, split]) =>
      figure(
        name,
        CAPABILITY_LABELS[name] ?? `Methods of ${name}`,
        total(split),
        total(split) === 0 ? "" : `${split.async} async`,
        "Methods declared in the agents themselves whose name proves this capability; an inherited method counts once, where it is declared.",
      ),
    ),
    figure(
      "methods",
      "All methods",
      total(all),
      `${all.async} async (${percent(all.async, total(all))})`,
      "Methods and accessors declared in the agents themselves, without constructors and #private ones. Async is what is declared async.",
    ),
    figure(
      "asyncEntryPoints",
      "Async entry points",
      entryPoints.async,
      `${entryPoints.sync} sync, ${entryPoints.none} without`,
      "Agents whose method for tasks, own or inherited, is declared async; without: the workspace holds none.",
    ),
  ];
}

function orchestrationFigures({ orchestration }: Census): Figure[] {
  return [
    figure(
      "orchestrationFiles",
      "Orchestration files",
      orchestration.files,
      "",
      "Files with an agent that is an orchestrator or makes, calls or registers other agents.",
    ),
    figure(
      "orchestrating",
      "Orchestrating agents",
      orchestration.agents,
      "",
      "Agents that are orchestrators or make, call or register other agents.",
    ),
    figure(
      "pairs",
      "Orchestrated agents",
      orchestration.pairs,
      "",
      "Pairs of an agent and another one that it makes, calls or registers.",
    ),
  ];
}

function figure(id: string, label: string, value: number, detail: string, meaning: string): Figure {
  return { id, label, value, detail, meaning };
}

export const total = (split: AsyncSplit): number => split.async + split.sync;

export const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;

/** "39 classes, 2 instances" */
function list(counts: Record<string, number>, plural = true): string {
  return Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([noun, n]) => `${n} ${plural && n !== 1 ? pluralOf(noun) : noun}`)
    .join(", ");
}

const pluralOf = (noun: string): string => (noun.endsWith("s") ? `${noun}es` : `${noun}s`);
