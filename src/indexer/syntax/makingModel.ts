import type { Expr } from "./fileModel.ts";

/** `new X(…)` or `x(…)`: what may make an agent. */
export interface MakingModel {
  constructs: boolean;
  callee: Expr;
  /** As written: "voice.Agent". */
  calleeText: string;
  /** Of the variable, member or field it is the value of; "default" for a default export, null where it has none. */
  name: string | null;
  /** What its options call it: `{ name: "Billing" }`. */
  label: string | null;
  /** Lines count from 1; `line` is that of the name. */
  line: number;
  endLine: number;
  /** The function around it; null at the top level, in blocks of that, and for fields. */
  function: number | null;
  exported: string | null;
  docstring: string | null;
  options: MakingOption[];
}

/** A property of the object literal that is given to it. */
export interface MakingOption {
  name: string;
  line: number;
  /** The items of a list, the members of an object, or the value itself. */
  values: Expr[];
  /** Written as `[]`, `{}`, `null`, `undefined` or `false`. */
  empty: boolean;
}
