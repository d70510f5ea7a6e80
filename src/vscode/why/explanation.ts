import type { AgentRecord } from "../../model/agentRecord.ts";
import { displayName } from "../../model/displayName.ts";

/** A line of an explanation; `sign` says whether it speaks for an agent. */
export interface Reason {
  sign: "for" | "against" | "neither";
  text: string;
  detail: string;
  /** Relative to the workspace folder; without a line, where it is not known. */
  place: { file: string; line: number } | null;
}

export interface Explanation {
  question: string;
  /** "An agent, 95 % sure" */
  verdict: string;
  evidence: Reason[];
  capabilities: Reason[];
  heritage: Reason[];
}

/** What the indexer puts before a reason that speaks against the rest. */
const BUT = "but ";
const NOT = "not an agent: ";

type LineOf = (file: string, name: string) => number | null;

/** @param lineOf where a class of the same folder stands */
export function explain(record: AgentRecord, lineOf: LineOf): Explanation {
  const isAgent = record.role !== "not";
  const named = displayName(record.name);
  const own = { file: record.file_path, line: record.lineno };
  return {
    question: `Why is ${named} ${isAgent ? (record.role === "agent" ? "an agent" : "an orchestrator") : "not an agent"}?`,
    verdict: verdictOf(record),
    evidence: record.evidence.map((said) => {
      const opposes = said.startsWith(BUT);
      const text = said.replace(BUT, "").replace(NOT, "");
      return {
        sign: opposes === isAgent ? "against" : "for",
        text,
        detail: "",
        place: placeOf(text, record) ?? own,
      };
    }),
    capabilities: record.capabilities.map(({ name, method, own: isOwn, file_path: file, lineno: line }) => ({
      sign: "neither",
      text: name,
      detail: `${method}()${isOwn ? "" : ` · inherited${file && `, ${file}`}`}`,
      place: file === "" ? null : { file, line },
    })),
    heritage: record.base_chain.map(({ name, file_path: file, module }, step) => ({
      sign: "neither",
      text: `${step === 0 ? "extends" : "which extends"} ${name}`,
      detail: file ?? (module === null ? "not found in this workspace" : `from ${module}`),
      place: file === null ? null : { file, line: lineOf(file, name) ?? 1 },
    })),
  };
}

function verdictOf({ role, confidence, adapts, kind }: AgentRecord): string {
  const sure = `${Math.round(confidence * 100)} % sure`;
  if (adapts !== null) return `An adapter for ${adapts}`;
  if (role === "not") return `Not an agent, ${sure}`;
  const what = role === "orchestrator" ? "An orchestrator" : "An agent";
  return `${what}${kind === "class" ? "" : ` (${kind})`}, ${sure}`;
}

/** A class that the index passed over. */
export function explainUnknown(name: string, place: { file: string; line: number }): Explanation {
  return {
    question: `Why is ${name} not an agent?`,
    verdict: "Not an agent: it was not considered",
    evidence: [
      { sign: "against", text: "neither its name nor its heritage speaks of agents", detail: "", place },
      { sign: "against", text: "methods alone make no agent", detail: "", place },
    ],
    capabilities: [],
    heritage: [],
  };
}

/** The line that shows what a reason says. */
function placeOf(text: string, record: AgentRecord): Reason["place"] {
  const method = /\bmethod ([\w$]+)/.exec(text)?.[1];
  const own = record.methods.find(({ name }) => name === method);
  if (own !== undefined) return { file: record.file_path, line: own.lineno };
  const proven = record.capabilities.find((capability) => capability.method === method);
  return proven === undefined || proven.file_path === ""
    ? null
    : { file: proven.file_path, line: proven.lineno };
}

/** How a user decides instead. */
export interface Remedy {
  text: string;
  detail: string;
  /** Opens this setting; null: opens the class. */
  setting: string | null;
}

export function remediesFor({ role }: Pick<AgentRecord, "role">): Remedy[] {
  const mark = role === "not" ? "@agent" : "@notAgent";
  const means = role === "not" ? "it counts as an agent" : "it counts as none";
  const setting = (id: string, detail: string): Remedy => ({
    text: `opsviAgents.index.${id}`,
    detail,
    setting: `opsviAgents.index.${id}`,
  });
  return [
    { text: `Write ${mark} in its comment`, detail: `then ${means}`, setting: null },
    ...(role === "not"
      ? [
          setting("agentNames", "Setting: class names that mean an agent"),
          setting("agentBases", "Setting: base classes whose heirs are agents"),
        ]
      : [setting("notAgentNames", "Setting: class names that mean none")]),
  ];
}
