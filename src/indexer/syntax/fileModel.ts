import type { AgentRecord, Method, Orchestration, Parameter } from "../../model/agentRecord.ts";
import type { MakingModel } from "./makingModel.ts";

/** What the indexer keeps of a parsed file: plain data, a small fraction of the syntax tree. */
export interface FileModel {
  language: AgentRecord["language"];
  classes: ClassModel[];
  functions: FunctionModel[];
  /** What `new` and calls give, where it may be an agent. */
  makings: MakingModel[];
  /** Index 0 is the module's own scope. */
  scopes: Scope[];
  /** By exported name; "default" for the default export. */
  exports: Map<string, Expr>;
  /** Specifiers of `export * from`. */
  stars: string[];
  /** What `module.exports` or `export =` is set to. */
  commonjs: Expr | null;
  /** The first syntax error; lines count from 1. */
  syntaxError: { line: number; message: string } | null;
}

export interface Scope {
  parent: number | null;
  names: Map<string, Expr>;
}

/** An expression as far as it can stand for a class. `scope` is where its names are looked up. */
export type Expr =
  | { kind: "name"; name: string; scope: number }
  | { kind: "member"; object: Expr; name: string }
  | { kind: "call"; callee: Expr; args: Expr[]; making: number }
  | { kind: "new"; making: number }
  | { kind: "class"; index: number }
  | { kind: "function"; index: number }
  | { kind: "parameter"; function: number; index: number }
  /** `local` is the name it has in this file. */
  | { kind: "import"; specifier: string; name: string; local: string }
  /** A whole module: `import * as`, `require()`. */
  | { kind: "module"; specifier: string; interop: "namespace" | "require" }
  | { kind: "namespace"; scope: number }
  | { kind: "object"; members: Map<string, Expr> }
  | { kind: "unknown" };

/** A function that may return a class (a mixin) or an agent (a factory), or be a class. */
export interface FunctionModel {
  name: string;
  returns: Expr[];
  /** The name it is exported under, null where it is not exported. */
  exported: string | null;
  /** What is told of a function at the top level; null for others, methods among them. */
  declared: Declared | null;
  /** The class it constructs with `new`, where it is one. */
  constructs: number | null;
}

export interface Declared {
  /** Lines count from 1; `line` is that of the name. */
  line: number;
  endLine: number;
  params: Parameter[];
  docstring: string | null;
}

export interface ClassModel {
  /** "default" for an anonymous default export, "" for another class without a name. */
  name: string;
  /** Lines count from 1; `line` is that of the name. */
  line: number;
  endLine: number;
  extends: Expr | null;
  /** As written, without type arguments. */
  extendsText: string | null;
  extendsTypes: Expr[];
  implements: Expr[];
  decorators: string[];
  abstract: boolean;
  exported: string | null;
  docstring: string | null;
  tags: string[];
  constructorParams: Parameter[] | null;
  /** The class in `super(new X(…))`. */
  superNew: Expr | null;
  methods: MethodModel[];
  fields: Field[];
  uses: Use[];
  /** The version of what it keeps in checkpoints, where it is written as a number. */
  stateVersion?: number;
}

/** What the code of a class does with instances of a class it names. */
export interface Use {
  how: Orchestration["how"];
  of: Expr;
  line: number;
}

export interface MethodModel extends Method {
  static: boolean;
  accessor: boolean;
  /** By keyword or `#`. */
  private: boolean;
  abstract: boolean;
  /** Methods it calls on what its code calls an agent: `this.agents.get(id).execute(…)` gives "execute". */
  agentCalls: string[];
}

export interface Field {
  name: string;
  /** The annotation or the constructed type as written: "Map<string, Agent>"; "" where neither is there. */
  type: string;
}
