import type { AgentRecord } from "../model/agentRecord.ts";
import { languageOf } from "./paths.ts";
import type { ClassModel, Expr, FileModel, FunctionModel } from "./syntax/fileModel.ts";
import {
  keyOf,
  type ClassTarget,
  type Declaration,
  type Env,
  type ExternalTarget,
  type Packages,
  type Place,
  type Target,
} from "./target.ts";

const MAX_DEPTH = 100;
/** So much of what a class extends is looked at. */
export const MAX_CHAIN = 50;

/** Asked for by every class of a file, of which there may be thousands. */
const specifiers = new WeakMap<FileModel, readonly string[]>();

/** Follows names across files: imports, barrels, namespaces, CommonJS, mixins. Null stands for "cannot be known". */
export class Linker {
  readonly #model: (path: string) => FileModel | null;
  readonly #locate: (specifier: string, from: string) => string | null;
  readonly #packages: Packages | null;
  /** What is being resolved right now: an expression met again in itself cannot be known. */
  readonly #active = new Set<Expr>();
  /** The exports being looked for, likewise. */
  readonly #wanted = new Set<string>();
  #asValue = false;

  constructor(
    model: (path: string) => FileModel | null,
    locate: (specifier: string, from: string) => string | null,
    packages: Packages | null,
  ) {
    this.#model = model;
    this.#locate = locate;
    this.#packages = packages;
  }

  languageOf(path: string): AgentRecord["language"] {
    return this.#model(path)?.language ?? languageOf(path);
  }

  classModel(target: { path: string; index: number }): ClassModel | null {
    return this.#model(target.path)?.classes[target.index] ?? null;
  }

  /** The class behind a base, where its text or its typings are there. */
  declarationOf(target: Target): Declaration | null {
    if (target.kind === "external") return this.#packages?.declarationOf(target) ?? null;
    const model = target.kind === "class" ? this.classModel(target) : null;
    return target.kind === "class" && model !== null ? { model, path: target.path } : null;
  }

  /** The modules that names of a file are imported from. */
  specifiersOf(path: string): readonly string[] {
    const model = this.#model(path);
    if (model === null) return [];
    const known = specifiers.get(model);
    if (known !== undefined) return known;
    const names = model.scopes[0]?.names.values() ?? [];
    const found = [...names].flatMap((expr) => ("specifier" in expr ? [expr.specifier] : []));
    specifiers.set(model, found);
    return found;
  }

  /** What the class extends directly. */
  baseOf(target: ClassTarget): Target | null {
    const heritage = this.classModel(target)?.extends ?? null;
    const base = heritage === null ? null : this.resolve(heritage, target);
    // A whole module that is required has the name it was given.
    return base?.kind === "external" && base.name === "*" && heritage?.kind === "name"
      ? { ...base, name: heritage.name }
      : base;
  }

  /** Everything the class extends, nearest first; ends at what nothing is known of, and at a circle. */
  basesOf(target: ClassTarget): Target[] {
    const chain: Target[] = [];
    const seen = new Set([keyOf(target)]);
    let base = this.baseOf(target);
    while (base !== null) {
      if (base.kind === "class") {
        const key = keyOf(base);
        if (seen.has(key) && base.env === null) break;
        seen.add(key);
      }
      chain.push(base);
      if (base.kind === "external") chain.push(...(this.#packages?.basesOf(base) ?? []));
      if (base.kind !== "class" || chain.length >= MAX_CHAIN) break;
      base = this.baseOf(base);
    }
    return chain;
  }

  resolve(expr: Expr, place: Place): Target | null {
    if (this.#active.has(expr) || this.#active.size > MAX_DEPTH) return null;
    this.#active.add(expr);
    try {
      return this.#resolve(expr, place);
    } finally {
      this.#active.delete(expr);
    }
  }

  /** Like `resolve`, but stops at what `new` or a call gives. */
  valueOf(expr: Expr, place: Place): Target | null {
    const before = this.#asValue;
    this.#asValue = true;
    try {
      return this.resolve(expr, place);
    } finally {
      this.#asValue = before;
    }
  }

  #resolve(expr: Expr, place: Place): Target | null {
    const { path, env } = place;
    switch (expr.kind) {
      case "name":
        return this.#named(expr.name, expr.scope, place);
      case "member":
        return this.#member(this.resolve(expr.object, place), expr.name);
      case "call":
        if (this.#asValue) return { kind: "made", path, making: expr.making, env };
        return this.#called(expr.callee, expr.args, place);
      case "new":
        return this.#asValue ? { kind: "made", path, making: expr.making, env } : null;
      case "class":
        return { kind: "class", path, index: expr.index, env };
      case "function": {
        const constructs = this.#function({ path, index: expr.index })?.constructs ?? null;
        return constructs === null
          ? { kind: "function", path, index: expr.index, env }
          : { kind: "class", path, index: constructs, env };
      }
      case "parameter":
        return argument(place, expr.function, expr.index);
      case "import":
        return this.#imported(expr, path);
      case "module": {
        const file = this.#locate(expr.specifier, path);
        if (file === null) return external("*", expr.specifier, [], path);
        const commonjs = this.#model(file)?.commonjs ?? null;
        if (commonjs === null) return { kind: "module", path: file };
        return this.resolve(commonjs, { path: file, env: null }) ?? { kind: "module", path: file };
      }
      case "namespace":
        return { kind: "namespace", path, scope: expr.scope, env };
      case "object":
        return { kind: "object", path, members: expr.members, env };
      case "unknown":
        return null;
    }
  }

  #named(name: string, start: number, place: Place): Target | null {
    const scopes = this.#model(place.path)?.scopes ?? [];
    for (let scope: number | null = start; scope !== null; scope = scopes[scope]?.parent ?? null) {
      const bound = scopes[scope]?.names.get(name);
      if (bound !== undefined) return this.resolve(bound, place);
    }
    return { kind: "global", name };
  }

  /** The name that what an expression names has where it is declared; null where only resolving it tells. */
  originalName(expr: Expr, path: string): string | null {
    if (expr.kind === "member") return expr.name;
    if (expr.kind !== "name") return null;
    const scopes = this.#model(path)?.scopes ?? [];
    for (let scope: number | null = expr.scope; scope !== null; scope = scopes[scope]?.parent ?? null) {
      const bound = scopes[scope]?.names.get(expr.name);
      if (bound?.kind === "import") return bound.name === "default" ? null : bound.name;
      if (bound !== undefined) return bound.kind === "class" ? expr.name : null;
    }
    return expr.name;
  }

  /** The declared name of an interface: types leave nothing to resolve to, so the file's own imports tell. */
  typeName(expr: Expr, place: Place): string {
    if (expr.kind === "member") return expr.name;
    const target = this.resolve(expr, place);
    const name = target === null ? "" : this.nameOf(target);
    if (name !== "" || expr.kind !== "name") return name;
    const scopes = this.#model(place.path)?.scopes ?? [];
    const bound = scopes[0]?.names.get(expr.name);
    return bound?.kind === "import" && bound.name !== "default" ? bound.name : expr.name;
  }

  #imported(expr: Expr & { kind: "import" }, from: string): Target | null {
    const file = this.#locate(expr.specifier, from);
    if (file !== null) return this.#export(file, expr.name);
    return external(expr.name === "default" ? expr.local : expr.name, expr.specifier, [expr.name], from);
  }

  /** What the names lead to, from the module behind a specifier on. */
  memberOf(specifier: string, members: readonly string[], from: string): Target | null {
    const file = this.#locate(specifier, from);
    if (file === null) return null;
    const whole = this.resolve(
      { kind: "module", specifier, interop: "namespace" },
      { path: from, env: null },
    );
    const [first, ...more] = members;
    if (first === undefined) return whole;
    return more.reduce<Target | null>(
      (object, name) => this.#member(object, name),
      this.#export(file, first),
    );
  }

  #export(path: string, name: string): Target | null {
    const key = `${name} ${path}`;
    if (this.#wanted.has(key)) return null;
    this.#wanted.add(key);
    try {
      return this.#exported(path, name, new Set());
    } finally {
      this.#wanted.delete(key);
    }
  }

  #exported(path: string, name: string, seen: Set<string>): Target | null {
    if (seen.has(path)) return null;
    seen.add(path);
    const model = this.#model(path);
    if (model === null) return null;
    const place = { path, env: null };
    const own = model.exports.get(name);
    if (own !== undefined) return this.resolve(own, place);
    if (model.commonjs !== null) {
      const whole = this.resolve(model.commonjs, place);
      return name === "default" ? whole : this.#member(whole, name);
    }
    // `import x from` a CommonJS module of `exports.name = …` gives the whole module.
    if (name === "default") return model.exports.size > 0 ? { kind: "module", path } : null;
    const packages: string[] = [];
    for (const specifier of model.stars) {
      const file = this.#locate(specifier, path);
      if (file === null) packages.push(specifier);
      const found = file === null ? null : this.#exported(file, name, seen);
      if (found !== null) return found;
    }
    const offers = packages.map((specifier) => external(name, specifier, [name], path));
    const [only, ...more] = offers;
    return more.length === 0 ? (only ?? null) : (offers.find((offer) => this.declarationOf(offer)) ?? null);
  }

  #member(object: Target | null, name: string): Target | null {
    switch (object?.kind) {
      case "module":
        return this.#export(object.path, name);
      case "namespace": {
        const bound = this.#model(object.path)?.scopes[object.scope]?.names.get(name);
        return bound === undefined ? null : this.resolve(bound, object);
      }
      case "object": {
        const member = object.members.get(name) ?? this.#added(object, name);
        return member === undefined ? null : this.resolve(member, object);
      }
      case "class": {
        const extra = this.#model(object.path)?.exports.get(name);
        return extra === undefined ? null : this.resolve(extra, { path: object.path, env: null });
      }
      case "external":
        return {
          ...object,
          name: name === "default" ? object.name : name,
          members: [...object.members, name],
        };
      case "global":
        return { kind: "global", name };
      default:
        return null;
    }
  }

  /** What is put on the object that a module exports after that: `module.exports.Name = …`. */
  #added(object: Target & { kind: "object" }, name: string): Expr | undefined {
    const model = this.#model(object.path);
    const exported = model?.commonjs;
    const isExported = exported?.kind === "object" && exported.members === object.members;
    return isExported ? model?.exports.get(name) : undefined;
  }

  /** A mixin's result: the class it returns, or, where that cannot be seen, the class it was given. */
  #called(callee: Expr, args: readonly Expr[], place: Place): Target | null {
    const target = this.resolve(callee, place);
    const given = args.map((arg) => this.resolve(arg, place));
    if (target?.kind === "function") {
      const env: Env = { path: target.path, function: target.index, args: given, outer: target.env };
      for (const returned of this.#function(target)?.returns ?? []) {
        const result = this.resolve(returned, { path: target.path, env });
        if (result !== null && (result.kind === "class" || result.kind === "function")) return result;
      }
    }
    return (
      given.find((arg) => arg?.kind === "class") ??
      given.find((arg) => arg?.kind === "external" && arg.name !== "*") ??
      (target?.kind === "external" || target?.kind === "global" ? target : null)
    );
  }

  #function(target: { path: string; index: number }): FunctionModel | null {
    return this.#model(target.path)?.functions[target.index] ?? null;
  }

  /** The name a target is known by, for base chains. */
  nameOf(target: Target): string {
    if (target.kind === "class") return this.classModel(target)?.name ?? "";
    if (target.kind === "function") return this.#function(target)?.name ?? "";
    return target.kind === "external" || target.kind === "global" ? target.name : "";
  }
}

const external = (
  name: string,
  module: string,
  members: readonly string[],
  from: string,
): ExternalTarget => ({ kind: "external", name, module, members, from });

function argument({ path, env }: Place, index: number, position: number): Target | null {
  for (let known = env; known !== null; known = known.outer) {
    if (known.path === path && known.function === index) return known.args[position] ?? null;
  }
  return null;
}
