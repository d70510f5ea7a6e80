import { executionMethod, executionNames } from "../dispatch.ts";
import { type Member, members, methodAt } from "./members.ts";

/**
 * The name of the method that takes tasks, or null. Looks at descriptors first, so that getters and proxies are not
 * triggered where that does.
 */
export function taskMethod(legacy: object): string | null {
  const found = members(legacy);
  const of = (kind: Member["kind"]) => found.flatMap((member) => (member.kind === kind ? [member.name] : []));
  const listed =
    executionMethod(of("method")) ??
    executionMethod(of("accessor").filter((name) => methodAt(legacy, name) !== null));
  // Every function answers to "call".
  if (listed !== null || typeof legacy === "function") return listed;
  // A proxy can answer to names that it does not list.
  return executionNames.find((name) => methodAt(legacy, name) !== null) ?? null;
}
