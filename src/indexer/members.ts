import type { Capability, InheritedMethod, Parameter } from "../model/agentRecord.ts";
import { executionMethod, namesTask } from "../runtime/core/dispatch.ts";
import { wordsOf } from "./agentName.ts";
import type { Linker } from "./linker.ts";
import type { ClassTarget, Target } from "./target.ts";
import type { Rules } from "./rules.ts";
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

/** The method a task is dispatched to; where none is found by its name, the first that the settings name. */
export function entryPoint(members: readonly Member[], rules: Rules): Member | null {
  const possible = members.filter(({ method }) => {
    const name = rules.proves(method);
    return name === "task_execution" || name === "streaming";
  });
  const name = executionMethod(possible.map(({ method }) => method.name));
  return possible.find(({ method }) => name === null || method.name === name) ?? null;
}

const ENDS = /^(?:disconnect|close|stop|shutdown|destroy|dispose|terminate)/;

/** One entry a capability, with the method that proves it best: an own one, a short name; tasks as they are dispatched. */
export function capabilitiesOf(members: readonly Member[], rules: Rules): Capability[] {
  const proofs = new Map<string, Member[]>();
  const ends = members.some(({ method }) => ENDS.test(method.name));
  for (const member of callable(members)) {
    const name = rules.proves(member.method);
    // What never disconnects connects to a task that runs already.
    if (name === "lifecycle" && !ends && onlyConnects(member, rules)) continue;
    if (name !== null) proofs.set(name, [...(proofs.get(name) ?? []), member]);
  }
  return [...proofs].flatMap(([name, all]) => {
    const best =
      name === "task_execution" ? taskProof(all, rules) : (shortest(all, true) ?? shortest(all, false));
    if (best === null) return [];
    const { method, own, path } = best;
    return [{ name, own, method: method.name, file_path: path, lineno: method.lineno }];
  });
}

const onlyConnects = ({ method: { name } }: Member, rules: Rules): boolean =>
  /^connect/.test(name) && !rules.addsCapability(name);

function taskProof(all: readonly Member[], rules: Rules): Member | null {
  const own = entryPoint(
    all.filter((member) => member.own),
    rules,
  );
  if (own !== null && namesTask(own.method.name)) return own;
  const inherited = entryPoint(all, rules);
  return inherited !== null && namesTask(inherited.method.name) ? inherited : (own ?? inherited);
}

/** "start" proves more than "startServer"; of two alike the first counts. */
function shortest(members: readonly Member[], own: boolean): Member | null {
  const possible = members.filter((member) => member.own === own);
  const [first = null] = possible;
  return possible.find(({ method }) => wordsOf(method.name).length === 1) ?? first;
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
