import type { AgentLike } from "../core/agentLike.ts";
import type { AgentState } from "../core/state.ts";

/** What agents are looked for; each field given must fit, and a list fits with any of its items. */
export interface AgentQuery {
  /** The agent's name. */
  name?: string | readonly string[] | undefined;
  /** The agent's type. */
  agentType?: string | readonly string[] | undefined;
  /** One of the agent's capabilities. */
  capability?: string | readonly string[] | undefined;
  /** The agent's state now. */
  state?: AgentState | readonly AgentState[] | undefined;
}

/** The events of an {@link AgentRegistry}, and what their listeners are told. */
export interface AgentRegistryEvents {
  /** An agent was registered. */
  registered: [agent: AgentLike];
  /** An agent is no longer registered. */
  unregistered: [agent: AgentLike];
  /** A registered agent went to another state. */
  state: [agent: AgentLike, state: AgentState, previous: AgentState];
}

/** A parameter as written in the source. */
export interface DiscoveredParameter {
  /** Its name. */
  readonly name: string;
  /** Its type as written, "" where the index does not tell. */
  readonly type: string;
  /** It may be left out. */
  readonly optional: boolean;
}

/** A method of a discovered class. */
export interface DiscoveredMethod {
  /** Its name. */
  readonly name: string;
  /** From 1; 0 where the index does not tell. */
  readonly line: number;
  /** Its comment, or null. */
  readonly docstring: string | null;
  /** Whether it is async; null where the index does not tell. */
  readonly async: boolean | null;
  /** Null where the index does not tell. */
  readonly params: readonly DiscoveredParameter[] | null;
}

/** A class that an index file names, as plain data. */
export interface DiscoveredAgent {
  /** The class name; "" where it has none. */
  readonly name: string;
  /** As the index has it: relative to the workspace folder, with forward slashes. The file may be gone by now. */
  readonly file: string;
  /** The line of the class, from 1; 0 where the index does not tell. */
  readonly line: number;
  /** "typescript", "javascript", "python" and the like: as the index says, else by the file's extension; else "unknown". */
  readonly language: string;
  /** A free category; "general" where the index does not tell. */
  readonly agentType: string;
  /** Its comment, or null. */
  readonly docstring: string | null;
  /** The classes it extends, as written. */
  readonly bases: readonly string[];
  /** Its own methods. */
  readonly methods: readonly DiscoveredMethod[];
  /** As the index says; else what the names of its methods prove. */
  readonly capabilities: readonly string[];
  /** False where the index shows that the class is none, such as an enum, a data model or an exception. */
  readonly isAgent: boolean;
  /** Why it is no agent; null where it may be one. */
  readonly reason: string | null;
  /** The name it is exported under; null where it is not, or the index does not tell. */
  readonly exported: string | null;
  /** It cannot be constructed, only extended. */
  readonly abstract: boolean;
  /** Null where the index does not tell. */
  readonly constructorParams: readonly DiscoveredParameter[] | null;
  /** It stands in a test file. */
  readonly test: boolean;
  /** There is an adapter for it. */
  readonly migrated: boolean;
  /** For an adapter: the name of the class that it wraps. */
  readonly adapts: string | null;
}

/** What an index file holds. */
export interface Discovery {
  /** In the order of the file. */
  readonly agents: DiscoveredAgent[];
  /** How many lines the file has, blank ones left out. */
  readonly lines: number;
  /** How many of them could not be read. */
  readonly skipped: number;
  /** One sentence for each of the first lines that could not be read, and one for the rest. */
  readonly warnings: string[];
}

/** How an index file is read. */
export interface DiscoverOptions {
  /** Keeps only what it answers true for, so that a large index need not fit into memory. */
  filter?: ((agent: DiscoveredAgent) => boolean) | undefined;
  /** How many lines that could not be read are named. Default 10. */
  mostWarnings?: number | undefined;
}
