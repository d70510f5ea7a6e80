import type { ClassModel, Expr } from "./syntax/fileModel.ts";

/** What an expression stands for. */
export type Target =
  | ClassTarget
  | { kind: "function"; path: string; index: number; env: Env | null }
  | { kind: "module"; path: string }
  | { kind: "namespace"; path: string; scope: number; env: Env | null }
  | { kind: "object"; path: string; members: ReadonlyMap<string, Expr>; env: Env | null }
  | ExternalTarget
  /** A name no file declares: `Error`, `HTMLElement`. */
  | { kind: "global"; name: string }
  /** What `new` or a call gives; only the linker tells of it. */
  | { kind: "made"; path: string; making: number; env: Env | null };

export interface ClassTarget {
  kind: "class";
  path: string;
  index: number;
  env: Env | null;
}

/** The same for one class or function wherever it is met. */
export const keyOf = ({ path, index }: { path: string; index: number }): string => `${path}#${index}`;

/** What a key was made of. */
export function ofKey(key: string): { path: string; index: number } {
  const at = key.lastIndexOf("#");
  return { path: key.slice(0, at), index: Number(key.slice(at + 1)) };
}

/** A name of a package; `name` is "*" for the package itself. */
export interface ExternalTarget {
  kind: "external";
  name: string;
  module: string;
  /** The names that lead to it within the module. */
  members: readonly string[];
  /** The file that imports it. */
  from: string;
  /** Where its declaration is known already. */
  declared?: ClassTarget;
}

/** A class as it is written, or as the typings of a package declare it. */
export interface Declaration {
  model: ClassModel;
  /** Relative to the root; "" for what lies outside. */
  path: string;
}

/** What is known of installed packages. */
export interface Packages {
  basesOf(target: ExternalTarget): Target[];
  declarationOf(target: ExternalTarget): Declaration | null;
}

/** Arguments of the mixin call a class comes from. */
export interface Env {
  path: string;
  function: number;
  args: readonly (Target | null)[];
  outer: Env | null;
}

export interface Place {
  path: string;
  env: Env | null;
}
