import { mayCoordinate } from "./agentName.ts";
import { isStaticMaker } from "./frameworkMakers.ts";
import { frameworkOf } from "./frameworks.ts";
import { DEFAULT_OF } from "./makingFacts.ts";
import type { Rules } from "./rules.ts";
import type { ClassModel, Expr, FileModel } from "./syntax/fileModel.ts";
import type { MakingModel } from "./syntax/makingModel.ts";
import { ownValue } from "./syntax/ownValue.ts";

/**
 * Tells by names alone whether something may be or make an agent, so that more is looked into only where it matters: a
 * framework's export, a class that the closure reached, or a function of a file that was looked into.
 */
export class Plausible {
  readonly #isClass: (name: string) => boolean;
  readonly #isFunction: (name: string) => boolean;
  readonly #locate: (specifier: string, from: string) => string | null;
  readonly #rules: Rules;

  /**
   * @param isClass whether the closure reached the name
   * @param isFunction whether a function of this name may make agents
   */
  constructor(
    isClass: (name: string) => boolean,
    isFunction: (name: string) => boolean,
    locate: (specifier: string, from: string) => string | null,
    rules: Rules,
  ) {
    this.#isClass = isClass;
    this.#isFunction = isFunction;
    this.#locate = locate;
    this.#rules = rules;
  }

  /** A class or an interface of this name, wherever it is declared. */
  mayMeanAgent(name: string): boolean {
    return this.#isClass(name) || this.#rules.mayMeanAgent(name);
  }

  /** The closure reached a class of this name, or its base is from outside, where only typings tell more. */
  mayBeAgent({ name, extends: base, extendsText }: ClassModel, path: string, file: FileModel): boolean {
    if (name === "" || name === "default" || this.mayMeanAgent(name)) return true;
    if (mayCoordinate(name) || mayCoordinate(extendsText ?? "")) return true;
    let root = base === null ? null : ownValue(file, base);
    while (root?.kind === "member") root = ownValue(file, root.object);
    return (
      (root?.kind === "import" || root?.kind === "module") && this.#locate(root.specifier, path) === null
    );
  }

  mayMake({ callee, constructs }: MakingModel, path: string, model: FileModel): boolean {
    const isStatic = !constructs && callee.kind === "member" && isStaticMaker(callee.name);
    const isNamed = constructs || isStatic ? this.#isClass : this.#isFunction;
    let root: Expr = isStatic ? callee.object : callee;
    let member: string | null = null;
    for (let depth = 0; root.kind === "member" && depth < 10; depth += 1) {
      member ??= root.name;
      root = root.object;
    }
    const value = ownValue(model, root);
    switch (value?.kind) {
      case "class":
      case "function":
        return true;
      case "import": {
        if (frameworkOf(value.specifier) !== null) return true;
        if (member !== null) return isNamed(member);
        if (value.name !== "default") return isNamed(value.name);
        const file = this.#locate(value.specifier, path);
        return file !== null && isNamed(DEFAULT_OF + file);
      }
      case "module":
        return frameworkOf(value.specifier) !== null || (member !== null && isNamed(member));
      case "member":
        return frameworkOfMember(value) || isNamed(member ?? value.name);
      case "namespace":
      case "object":
        return member !== null && isNamed(member);
      default:
        return false;
    }
  }
}

/** `const { Agent } = require("framework")` */
function frameworkOfMember(expr: Expr): boolean {
  let object = expr;
  while (object.kind === "member") object = object.object;
  return object.kind === "module" && frameworkOf(object.specifier) !== null;
}
