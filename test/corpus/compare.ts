import type { AgentRecord } from "../../src/model/agentRecord.ts";
import type { IndexSnapshot } from "../../src/model/indexerProtocol.ts";
import type { TrueClass, Truth } from "./truth.ts";

export interface Comparison {
  classes: number;
  /** Classes of the answers that the index mentions, as agent or rejected. */
  seen: number;
  agents: { right: number; told: number; wanted: number };
  links: { right: number; wanted: number };
  methods: { right: number; told: number; wanted: number };
  /** Agents that orchestrate others. */
  orchestrates: { right: number; told: number; wanted: number };
  /** Kind of miss → the classes. */
  misses: Map<string, string[]>;
  /** Told as agent or orchestrator, but not in the answers at all. */
  outside: AgentRecord[];
}

const place = ({ file_path, lineno }: { file_path: string; lineno: number }): string =>
  `${file_path}:${lineno}`;

export function compare(truth: Truth, index: IndexSnapshot): Comparison {
  const told = new Map([...index.agents, ...index.rejected].map((record) => [place(record), record]));
  const result: Comparison = {
    classes: truth.classes.length,
    seen: 0,
    agents: { right: 0, told: 0, wanted: 0 },
    links: { right: 0, wanted: 0 },
    methods: { right: 0, told: 0, wanted: 0 },
    orchestrates: { right: 0, told: 0, wanted: 0 },
    misses: new Map(),
    outside: [],
  };
  for (const wanted of truth.classes) {
    const record = told.get(place(wanted));
    told.delete(place(wanted));
    if (wanted.role === "agent") result.agents.wanted += 1;
    result.links.wanted += wanted.base_chain.length;
    result.methods.wanted += wanted.methods.length;
    if (record === undefined) miss(result, "not mentioned", wanted);
    else compareClass(result, wanted, record);
  }
  result.outside = [...told.values()].filter(({ role }) => role !== "not");
  return result;
}

function compareClass(result: Comparison, wanted: TrueClass, record: AgentRecord): void {
  result.seen += 1;
  if (record.role === "agent") result.agents.told += 1;
  if (record.role === "agent" && wanted.role === "agent") result.agents.right += 1;
  if (record.role !== wanted.role) miss(result, `${wanted.role} told as ${record.role}`, wanted);

  const links = record.base_chain.map((link) => `${link.name}@${link.file_path ?? link.module ?? ""}`);
  const chain = wanted.base_chain.map((link) => `${link.name}@${link.file_path ?? link.module ?? ""}`);
  const right = chain.filter((link, index) => links[index] === link).length;
  result.links.right += right;
  if (right < chain.length || links.length > chain.length) miss(result, "base chain differs", wanted);

  const methods = new Set(record.methods.map(({ name, lineno, async }) => `${name}:${lineno}:${async}`));
  result.methods.told += methods.size;
  const found = wanted.methods.filter(({ name, lineno, async }) =>
    methods.has(`${name}:${lineno}:${async}`),
  ).length;
  result.methods.right += found;
  if (found < wanted.methods.length) miss(result, "methods differ", wanted);

  if (wanted.role === "agent") {
    const told = record.orchestrates.length > 0;
    if (told) result.orchestrates.told += 1;
    if (wanted.orchestrates) result.orchestrates.wanted += 1;
    if (told && wanted.orchestrates) result.orchestrates.right += 1;
    if (told !== wanted.orchestrates) {
      const names = record.orchestrates.map(({ name, how }) => `${how} ${name}`).join(", ");
      miss(result, told ? `told to orchestrate (${names})` : "not told to orchestrate", wanted);
    }
  }
  for (const field of ["name", "end_line", "exported", "abstract", "test"] as const) {
    if (record[field] !== wanted[field]) miss(result, `${field} differs`, wanted);
  }
}

function miss(result: Comparison, kind: string, { file_path, lineno, name }: TrueClass): void {
  const known = result.misses.get(kind) ?? [];
  result.misses.set(kind, [...known, `${name} (${file_path}:${lineno})`]);
}
