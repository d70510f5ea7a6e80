import type { Judge, Verdict } from "./judge.ts";
import type { Linker } from "./linker.ts";
import type { Kept, Memo } from "./memo.ts";
import { keyOf, ofKey, type ClassTarget, type Env, type Target } from "./target.ts";
import { agentClassOf, agentFunctionOf, isStaticMaker } from "./frameworkMakers.ts";
import type { Expr, FileModel, FunctionModel } from "./syntax/fileModel.ts";
import type { MakingModel } from "./syntax/makingModel.ts";
import { ownValue } from "./syntax/ownValue.ts";
import type { Plausible } from "./plausible.ts";

interface Place {
  path: string;
  env: Env | null;
}

/** What an agent is made with. */
export type Maker =
  /** A class or function of a framework; `path` is set where the workspace holds the framework itself. */
  | { kind: "framework"; framework: string; name: string; module: string; path: string | null }
  | { kind: "class"; target: ClassTarget; verdict: Verdict }
  | { kind: "factory"; path: string; index: number; model: FunctionModel; makes: Made };

export interface Made {
  path: string;
  index: number;
  making: MakingModel;
  maker: Maker;
}

/** Tells which `new` and which calls give agents, and which functions return them. Each is decided once. */
export class Makings {
  readonly #linker: Linker;
  readonly #judge: Judge;
  readonly #model: (path: string) => FileModel | null;
  readonly #packageOf: (path: string) => string | null;
  readonly #plausible: Plausible;
  // What is made by itself in a circle is no agent.
  readonly #made: Kept<Made | null>;
  readonly #factories: Kept<Maker | null>;

  /** @param packageOf the name of the package that a file of the workspace belongs to */
  constructor(
    linker: Linker,
    judge: Judge,
    model: (path: string) => FileModel | null,
    packageOf: (path: string) => string | null,
    plausible: Plausible,
    memo: Memo,
  ) {
    this.#linker = linker;
    this.#judge = judge;
    this.#model = model;
    this.#packageOf = packageOf;
    this.#plausible = plausible;
    this.#made = memo.kept((key) => this.#decided(ofKey(key)), null);
    this.#factories = memo.kept((key) => this.#factory(ofKey(key)), null);
  }

  /** The agent that an expression stands for, null where it is none that is made. */
  ofExpr(expr: Expr, place: Place): Made | null {
    const target = this.#linker.valueOf(expr, place);
    return target?.kind === "made" ? this.ofMaking(target.path, target.making) : null;
  }

  ofMaking(path: string, index: number): Made | null {
    const file = this.#model(path);
    if (file === null || !this.#mayMake(file, path, index)) return null;
    return this.#made.get(keyOf({ path, index }));
  }

  /** A function of the workspace as the maker of what it returns; null where that is no agent. */
  factoryOf(path: string, index: number): Maker | null {
    const file = this.#model(path);
    if (file === null || !mayBeFactory(file, index)) return null;
    if (!returnedMakings(file, index).every((making) => this.#mayMake(file, path, making))) return null;
    return this.#factories.get(keyOf({ path, index }));
  }

  #mayMake(file: FileModel, path: string, index: number): boolean {
    const making = file.makings[index];
    return making !== undefined && this.#plausible.mayMake(making, path, file);
  }

  #decided({ path, index }: { path: string; index: number }): Made | null {
    const making = this.#model(path)?.makings[index];
    const maker = making === undefined ? null : this.#makerOf(making, path);
    return making === undefined || maker === null ? null : { path, index, making, maker };
  }

  #factory({ path, index }: { path: string; index: number }): Maker | null {
    const file = this.#model(path);
    const model = file?.functions[index];
    if (file === null || model === undefined) return null;
    const makes = this.#returned(file, path, index);
    return makes === null ? null : { kind: "factory", path, index, model, makes };
  }

  #makerOf({ callee, constructs }: MakingModel, path: string): Maker | null {
    const place = { path, env: null };
    const target = this.#linker.resolve(callee, place);
    if (constructs) return target === null ? null : this.#classMaker(target);
    return (target === null ? null : this.#functionMaker(target)) ?? this.#staticMaker(callee, place);
  }

  #classMaker(target: Target): Maker | null {
    if (target.kind !== "class" && target.kind !== "external") return null;
    const offered = this.#offered(target, agentClassOf);
    if (offered !== null || target.kind === "external") return offered;
    const verdict = this.#judge.verdictOf(target);
    if (verdict === null || verdict.role === "not" || verdict.linked.model.abstract) return null;
    return { kind: "class", target, verdict };
  }

  #functionMaker(target: Target): Maker | null {
    if (target.kind !== "function" && target.kind !== "external") return null;
    const offered = this.#offered(target, agentFunctionOf);
    if (offered !== null || target.kind === "external") return offered;
    return this.factoryOf(target.path, target.index);
  }

  /** `Agent.create(…)` */
  #staticMaker(callee: Expr, place: Place): Maker | null {
    if (callee.kind !== "member" || !isStaticMaker(callee.name)) return null;
    const object = this.#linker.resolve(callee.object, place);
    const maker = object === null ? null : this.#classMaker(object);
    return maker?.kind === "framework" ? maker : null;
  }

  /** A workspace may hold a framework itself: what its packages export is the framework's there too. */
  #offered(
    target: Target & { kind: "class" | "function" | "external" },
    offers: (module: string, name: string) => string | null,
  ): Maker | null {
    const name = this.#linker.nameOf(target);
    const path = target.kind === "external" ? null : target.path;
    const module = target.kind === "external" ? target.module : this.#packageOf(target.path);
    const framework = module === null ? null : offers(module, name);
    return framework === null || module === null
      ? null
      : { kind: "framework", framework, name, module, path };
  }

  /** What a function makes: every `new` and call that it returns must give an agent, and be made by it. */
  #returned(file: FileModel, path: string, index: number): Made | null {
    let made: Made | null = null;
    for (const making of returnedMakings(file, index)) {
      const found = this.ofMaking(path, making);
      if (found === null) return null;
      if (found.making.function === index) made ??= found;
    }
    return made;
  }
}

/** The `new` and calls that a function returns. */
function returnedMakings(file: FileModel, index: number): number[] {
  const returns = file.functions[index]?.returns ?? [];
  return returns.flatMap((expr) => {
    const value = ownValue(file, expr);
    return value?.kind === "new" || value?.kind === "call" ? [value.making] : [];
  });
}

/** It returns something that is made within it. */
export const mayBeFactory = (file: FileModel, index: number): boolean =>
  returnedMakings(file, index).some((making) => file.makings[making]?.function === index);
