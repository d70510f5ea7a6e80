import * as z from "zod";
import { capabilityNames } from "../runtime/core/dispatch.ts";

/** What a workspace adds to the rules by which agents are found; the settings `opsviAgents.index.*`. */
export const IndexSettings = z.object({
  /** Class names that mean an agent: `*` stands for any characters. */
  agentNames: z.array(z.string()),
  /** Class names that mean none, likewise. */
  notAgentNames: z.array(z.string()),
  /** Base classes whose heirs are agents, by name. */
  agentBases: z.array(z.string()),
  /** Method names by the capability that they prove, likewise. */
  capabilities: z.record(z.string(), z.array(z.string())),
});
export type IndexSettings = z.infer<typeof IndexSettings>;

export const noSettings: IndexSettings = {
  agentNames: [],
  notAgentNames: [],
  agentBases: [],
  capabilities: {},
};

/** The settings' names, in VS Code and in `.vscode/settings.json`. */
export const indexSettingIds = {
  agentNames: "opsviAgents.index.agentNames",
  notAgentNames: "opsviAgents.index.notAgentNames",
  agentBases: "opsviAgents.index.agentBases",
  capabilities: "opsviAgents.index.capabilities",
} as const;

/** The settings as people wrote them, by name; what cannot be used is left out, and a sentence says so. */
export function readIndexSettings(get: (id: string) => unknown): {
  settings: IndexSettings;
  problems: string[];
} {
  const problems: string[] = [];
  const names = (id: string, value: unknown, what: string): string[] => {
    if (value === undefined || value === null) return [];
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    const [wrong] = Array.isArray(value) ? list.filter((entry) => !isName(entry)) : [value];
    if (wrong !== undefined) {
      problems.push(
        `${id} takes a list of ${what} names such as ["${EXAMPLES[what] ?? ""}"]; ${shown(wrong)} was left out.`,
      );
    }
    return Array.isArray(value) ? list.filter(isName) : [];
  };
  const classNames = (key: "agentNames" | "notAgentNames" | "agentBases") =>
    names(indexSettingIds[key], get(indexSettingIds[key]), "class");
  const settings: IndexSettings = {
    agentNames: classNames("agentNames"),
    notAgentNames: classNames("notAgentNames"),
    agentBases: classNames("agentBases"),
    capabilities: {},
  };
  const id = indexSettingIds.capabilities;
  const table = get(id) ?? {};
  if (typeof table !== "object" || Array.isArray(table)) {
    problems.push(`${id} takes an object of capabilities and method names; ${shown(table)} was left out.`);
    return { settings, problems };
  }
  for (const [capability, methods] of Object.entries(table)) {
    if (!(capabilityNames as readonly string[]).includes(capability)) {
      problems.push(
        `${id} knows no capability "${capability}", only ${capabilityNames.join(", ")}; it was left out.`,
      );
    } else settings.capabilities[capability] = names(`${id}.${capability}`, methods, "method");
  }
  return { settings, problems };
}

const EXAMPLES: Readonly<Record<string, string>> = { class: "*Worker", method: "answer*" };

const isName = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};
