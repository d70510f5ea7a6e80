import { freeName } from "./names.ts";

/** A local name for `UniversalAgentAdapter` that nothing in the file has. */
export function freeBaseName(names: ReadonlySet<string>): string {
  return names.has("UniversalAgentAdapter") ? freeName("OpsviAgentAdapter", names) : "UniversalAgentAdapter";
}
