import type { Capability, InheritedMethod, Parameter } from "../model/agentRecord.ts";
import { capabilityOf, executionMethod, type CapabilityName } from "../runtime/core/dispatch.ts";
import type { ClassTarget, Linker, Target } from "./linker.ts";
import type { ClassModel, MethodModel } from "./syntax/fileModel.ts";

/** A class with everything it extends. */
export interface Linked {
  target: ClassTarget;
  model: ClassModel;
  /** Nearest first. */
  bases: readonly Target[];
  /** The methods of its instances, own and inherited; an overridden one counts once, where it is overridden last. */
  members: readonly Member[];
}

/** A method with the class it comes from, of the workspace or of an installed package. */
export interface Member {
  method: MethodModel;
  own: boolean;
  from: ClassModel;
  path: string;
}

export function linkClass(linker: Linker, target: ClassTarget): Linked | null {
  const model = linker.classModel(target);
  if (model === null) return null;
  const bases = linker.basesOf(target);
  return { target, model, bases, members: membersOf(linker, target, model, bases) };
}

function membersOf(
  linker: Linker,
  target: ClassTarget,
  model: ClassModel,
  bases: readonly Target[],
): Member[] {
  const members = model.methods.map((method): Member => ({
    method,
    own: true,
    from: model,
    path: target.path,
  }));
  const known = new Set(instanceMethods(model).map(({ name }) => name));
  for (const base of bases) {
    const declaration = linker.declarationOf(base);
    if (declaration === null) continue;
    const { model: from, path } = declaration;
    for (const method of instanceMethods(from)) {
      if (method.private || known.has(method.name)) continue;
      known.add(method.name);
      members.push({ method, own: false, from, path });
    }
  }
  return members;
}

const instanceMethods = (model: ClassModel): MethodModel[] =>
  model.methods.filter((method) => !method.static);

/** Methods somebody else can call on an instance. */
export const callable = (members: readonly Member[]): Member[] =>
  members.filter(({ method }) => !method.static && !method.private && !method.accessor);

const capabilities = new Map<string, CapabilityName | null>();

/** As in the dispatch table, which is asked once a name: heirs of one base share hundreds of them. */
export function capability(method: string): CapabilityName | null {
  const known = capabilities.get(method);
  if (known !== undefined) return known;
  const found = capabilityOf(method);
  capabilities.set(method, found);
  return found;
}

/** The method a task is dispatched to. */
export function entryPoint(members: readonly Member[]): Member | null {
  const possible = members.filter(({ method }) => {
    const name = capability(method.name);
    return name === "task_execution" || name === "streaming";
  });
  const name = executionMethod(possible.map(({ method }) => method.name));
  return possible.find(({ method }) => method.name === name) ?? null;
}

/** One entry a capability, with the method that proves it; an own method is the better proof. */
export function capabilitiesOf(members: readonly Member[]): Capability[] {
  const found = new Map<string, Capability>();
  for (const { method, own, path } of callable(members)) {
    const name = capability(method.name);
    if (name === null || found.has(name)) continue;
    found.set(name, { name, own, method: method.name, file_path: path, lineno: method.lineno });
  }
  return [...found.values()];
}

export const inheritedMethods = (members: readonly Member[]): InheritedMethod[] =>
  members
    .filter(({ own, method }) => !own && !method.accessor)
    .map(({ method, from, path }) => ({
      name: method.name,
      from: from.name,
      file_path: path,
      params: method.params,
    }));

/** The nearest constructor's, own or inherited. */
export function constructorParams(linker: Linker, { model, bases }: Linked): Parameter[] {
  if (model.constructorParams !== null) return model.constructorParams;
  for (const base of bases) {
    const params = linker.declarationOf(base)?.model.constructorParams;
    if (params !== null && params !== undefined) return params;
  }
  return [];
}
