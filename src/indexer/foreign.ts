import { statSync } from "node:fs";
import { join } from "node:path";
import type { ForeignAgent } from "../model/indexerProtocol.ts";
import { discoverAgents, StoreError, type DiscoveredAgent } from "../runtime/index.ts";
import { claimOf } from "./agentName.ts";

const FILE = ".proj-intel/agent_architecture.jsonl";
const MOST_AGENTS = 2_000;
const MOST_BYTES = 64_000_000;

interface Foreign {
  agents: ForeignAgent[];
  /** Why the file is not, or not fully, read. */
  notes: string[];
}

const NOTHING: Foreign = { agents: [], notes: [] };

/** The agents of other languages that an existing index file tells of; the file is read anew when it has changed. */
export class ForeignAgents {
  readonly #path: string;
  #known: { stamp: string; foreign: Foreign } | null = null;

  constructor(root: string) {
    this.#path = join(root, FILE);
  }

  read(): Foreign {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return NOTHING;
    const stamp = `${stats.mtimeMs} ${stats.size}`;
    if (this.#known?.stamp !== stamp) {
      const foreign =
        stats.size > MOST_BYTES
          ? { agents: [], notes: [`${FILE} was skipped: it is larger than ${MOST_BYTES / 1e6} MB.`] }
          : readAgents(this.#path);
      this.#known = { stamp, foreign };
    }
    return this.#known.foreign;
  }
}

/** Lines that cannot be read are passed over: other programs write them, and they stay as they are. */
function readAgents(path: string): Foreign {
  const found = new Map<string, ForeignAgent>();
  let more = 0;
  try {
    discoverAgents(path, {
      mostWarnings: 0,
      filter: (agent) => {
        const foreign = foreignOf(agent);
        const key = foreign === null ? "" : `${foreign.file_path}#${foreign.name}`;
        if (foreign !== null && !found.has(key)) {
          if (found.size < MOST_AGENTS) found.set(key, foreign);
          else more += 1;
        }
        return false;
      },
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { agents: [], notes: [`${FILE} could not be read: ${error.message}`] };
  }
  const notes = more === 0 ? [] : [`${FILE} tells of ${more} more agents of other languages.`];
  const agents = [...found.values()].sort((a, b) =>
    a.file_path < b.file_path ? -1 : a.file_path > b.file_path ? 1 : a.lineno - b.lineno,
  );
  return { agents, notes };
}

/** Null for what is indexed here itself, and for what is no agent by its name and its bases. */
function foreignOf(agent: DiscoveredAgent): ForeignAgent | null {
  const { name, file, line, bases, capabilities, docstring } = agent;
  const language = agent.language === "unknown" ? extensionOf(file) : agent.language.toLowerCase();
  const isIndexed = /^(?:typescript|javascript|[mc]?[jt]sx?|vue|svelte|)$/.test(language);
  if (isIndexed || !agent.isAgent || !isCalledAgent(name, bases)) return null;
  if (
    agent.methods.length > 0 &&
    agent.methods.every((method) => /^(?:test|setup|teardown)/i.test(method.name))
  )
    return null;
  const reason = `It is written in ${title(language)}: only TypeScript and JavaScript can be run and migrated.`;
  return {
    name,
    file_path: file,
    lineno: line,
    language,
    bases: [...bases],
    capabilities: [...capabilities],
    docstring,
    reason,
  };
}

function isCalledAgent(name: string, bases: readonly string[]): boolean {
  const is = (claimed: string) => {
    const claim = claimOf(claimed.replace(/[[<(].*$/s, "").replace(/^.*\./s, "")).is;
    return claim === "agent" || claim === "adapter";
  };
  return is(name) || (claimOf(name).is === "silent" && bases.some(is));
}

const extensionOf = (file: string): string => /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? "";

const title = (language: string): string => language.charAt(0).toUpperCase() + language.slice(1);
