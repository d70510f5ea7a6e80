import type { AgentRecord, Capability } from "../../model/agentRecord.ts";
import type { Grouping } from "./grouping.ts";

/** Where a row leads: a file of a workspace folder (forward slashes); without a line, the class is looked for by name. */
export interface Place {
  root: string;
  file: string;
  line: number | null;
  name: string;
}

export type NodeKind =
  | "folder"
  | "group"
  | "agent"
  | "adapter"
  | "capability"
  | "base"
  | "languages"
  | "foreign"
  | "notes"
  | "note";

/** A row of the Agents view as plain data. */
export interface Node {
  kind: NodeKind;
  /** Stable over updates, so that expansion and selection survive. */
  id: string;
  label: string;
  description: string;
  /** Only in the tooltip. */
  detail: string;
  place: Place | null;
  /** The class the row stands for or belongs to; null for the rows around the classes. */
  record: AgentRecord | null;
  parent: Node | null;
  capability: Capability | null;
  group: { grouping: Grouping; key: string } | null;
  /** Its children are shown until the user folds them. */
  open: boolean;
  children(): Node[];
}

export function row(fields: Pick<Node, "kind" | "id" | "label" | "description"> & Partial<Node>): Node {
  return {
    detail: "",
    place: null,
    record: null,
    parent: null,
    capability: null,
    group: null,
    open: false,
    children: () => [],
    ...fields,
  };
}

export function once<T>(compute: () => T): () => T {
  let computed: { value: T } | null = null;
  return () => (computed ??= { value: compute() }).value;
}
