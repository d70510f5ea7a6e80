import { join } from "node:path";
import type { ClassMembers } from "../../migration/facts.ts";
import { refusals } from "../../migration/refusals.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { executionMethod } from "../../runtime/core/dispatch.ts";
import { fittingMethods, isCallback } from "./fittingMethods.ts";
import { membersOf } from "./classMembers.ts";
import { heldClasses } from "./heldClasses.ts";
import type { Surroundings } from "./surroundings.ts";

export interface MethodQuestion {
  name: string;
  own: ClassMembers;
  record: AgentRecord | undefined;
  /** What the user named. */
  given: string | undefined;
  /** What the project's mapping names. */
  mapped: string | undefined;
  surroundings: Surroundings;
}

/** `method` is left out where the adapter finds it by its name. */
export type MethodAnswer =
  { method?: string } | { choice: { reason: string; methods: string[] } } | { refused: string };

/** The method that takes the tasks of a class: what the user, the mapping of the project, its name, or the settings tell. */
export async function taskMethodOf(question: MethodQuestion): Promise<MethodAnswer> {
  const { name, own, record, given, mapped, surroundings } = question;
  const all = record === undefined ? null : await withInherited(surroundings, own, record);
  if (given !== undefined) {
    const known = all ?? { ...own, open: true };
    if (known.open || known.methods.includes(given)) return { method: given };
    return { refused: refusals.noMethod(name, given, known.methods) };
  }
  if (mapped !== undefined) return { method: mapped };
  if (record === undefined || all === null) return {};
  const proof = record.capabilities.find((each) => each.name === "task_execution")?.method;
  const names = proof === undefined ? all.names : [...all.names, proof];
  const found = executionMethod(names);
  const callbacks = all.methods.filter((method) => isCallback(method));
  const fits = fittingMethods(record, own, callbacks.length > 0);
  const isHidden = (method: string) => all.hidden.includes(method) && !all.methods.includes(method);
  const fitting =
    executionMethod(names.filter((method) => fits(method) && !isHidden(method))) ??
    executionMethod(names.filter(fits));
  if (fitting !== null) return fitting === found ? {} : { method: fitting };
  // The settings of the index name it; the adapter does not know them.
  if (proof !== undefined && fits(proof)) return { method: proof };
  if (found === null && all.open) return {};
  const { methods } = all;
  if (methods.length === 0) return { refused: refusals.noMethods(name) };
  if (callbacks.length === 0) return { choice: { reason: refusals.unknownMethod(name), methods } };
  const ownCallbacks = callbacks.filter((method) => own.methods.includes(method));
  const told = ownCallbacks.length > 0 ? ownCallbacks : callbacks;
  return { choice: { reason: refusals.calledBack(name, told), methods } };
}

/** Of the class and all that it extends. */
async function withInherited(
  { root, files }: Surroundings,
  own: ClassMembers,
  record: AgentRecord,
): Promise<ClassMembers> {
  const methods = new Set(own.methods);
  const hidden = new Set(own.hidden);
  const names = new Set(own.names);
  let open = own.open || (record.bases.length > 0 && record.base_chain.length === 0);
  for (const { name, file_path, module } of record.base_chain) {
    if (file_path === null) {
      const inherited = record.inherited_methods.filter(({ from }) => from === name);
      for (const each of inherited) {
        names.add(each.name);
        if (/^[A-Za-z]/.test(each.name) && !isNodes(module)) methods.add(each.name);
      }
      open ||= inherited.length === 0 && !isNodes(module);
      continue;
    }
    const source = await files.at(join(root, file_path));
    const held = source === null ? undefined : heldClasses(source).find((each) => each.names.includes(name));
    if (held === undefined) {
      open = true;
      continue;
    }
    const base = membersOf(held.node);
    for (const each of base.methods) if (!names.has(each)) methods.add(each);
    for (const each of base.hidden) hidden.add(each);
    for (const each of base.names) names.add(each);
    open ||= base.open;
  }
  return { methods: [...methods], hidden: [...hidden], names: [...names], open };
}

/** An emitter's methods serve those who listen. */
const isNodes = (module: string | null): boolean => module === "events" || module === "node:events";
