import type { MigrationAction, MigrationPlan } from "../../model/migrationPlan.ts";
import { Commands } from "../contributions.ts";

interface ActionTexts {
  title: string;
  /** What needs trust. */
  doing: string;
  /** Why several agents are refused; null where they are taken together. */
  one: string | null;
  /** What VS Code's tab says after the name of the class. */
  tab: string;
  question: (plan: MigrationPlan) => string;
  /** "The … was not applied." */
  what: (plan: MigrationPlan) => string;
  done: (plan: MigrationPlan) => string;
}

/** What users see of each way to bring an agent to BaseAgent. */
export const actionTexts: Record<MigrationAction, ActionTexts> = {
  migrate: {
    title: "Migrate to BaseAgent",
    doing: "Migrating an agent",
    one: null,
    tab: "migrate to BaseAgent",
    question: ({ name, adapter }) => `Migrate ${name}? ${adapter} is added; the class stays as it is.`,
    what: ({ name }) => `The migration of ${name}`,
    done: ({ name }) => `Migrated ${name}`,
  },
  update: {
    title: "Update Adapter",
    doing: "Updating an adapter",
    one: "adapters are updated one at a time: select one.",
    tab: "update adapter",
    question: ({ name, adapter }) => `Update ${adapter}? It follows ${name}, which stays as it is.`,
    what: ({ adapter }) => `The update of ${adapter}`,
    done: ({ adapter }) => `Updated ${adapter}`,
  },
  rewrite: {
    title: "Rewrite as BaseAgent Subclass",
    doing: "Rewriting an agent",
    one: "agents are rewritten one at a time: select one.",
    tab: "rewrite as BaseAgent subclass",
    question: ({ name }) => `Rewrite ${name}? The class itself becomes a BaseAgent, without an adapter.`,
    what: ({ name }) => `The rewriting of ${name}`,
    done: ({ name }) => `Rewrote ${name}`,
  },
};

/** The commands that plan. */
export const actionCommands = {
  migrate: Commands.migrate,
  update: Commands.updateAdapter,
  rewrite: Commands.rewriteAgent,
} as const;

export type PlannedAction = keyof typeof actionCommands;
export const plannedActions = Object.keys(actionCommands) as PlannedAction[];
