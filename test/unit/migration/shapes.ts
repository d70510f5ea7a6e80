/** One way a legacy class is really written. */
export interface Shape {
  name: string;
  /** File name; its extension decides the projects it is tried in. */
  file: string;
  text: string;
  /** The classes to migrate, in this order. */
  classes: string[];
  /** Constructor arguments and task for the run of the first class; null where it cannot be reached by import. */
  run: { args?: unknown[]; task: unknown; method: string; exported?: string } | null;
  /** What the index knows of the classes that the first class extends: name and file. */
  bases?: [name: string, file: string][];
}

const base = `export abstract class Worker<In, Out = In> {
  readonly log: string[] = [];
  constructor(readonly label: string, readonly weight = 1) {}
  run(task: In): Out {
    this.log.push(this.label);
    return this.work(task);
  }
  protected abstract work(task: In): Out;
}
`;

const fetcher = `export abstract class Fetcher<Item = string> {
  readonly base: string;
  constructor(url: string);
  constructor(host: string, port: number, items?: Item[]);
  constructor(url: string, port?: number) {
    this.base = port === undefined ? url : url + ":" + String(port);
  }
}
`;

const guarded = `export abstract class Guarded {
  protected constructor(readonly secret: string) {}
  run(task: string): string {
    return this.secret + task;
  }
}
`;

/** Modules that shapes import. */
export const helpers: Record<string, string> = {
  "worker.ts": base,
  "fetcher.ts": fetcher,
  "guarded.ts": guarded,
};

export const typescriptShapes: Shape[] = [
  {
    name: "exported class without a base",
    file: "plain.ts",
    text: `export class PlainAgent {\n  execute(task: { n: number }) {\n    return { doubled: task.n * 2 };\n  }\n}\n`,
    classes: ["PlainAgent"],
    run: { task: { n: 21 }, method: "execute" },
  },
  {
    name: "constructor inherited from a base in another file",
    file: "inherited.ts",
    text: `import { Worker } from "./worker.js";\n\n/** Counts. */\nexport class CountAgent extends Worker<string[], number> {\n  protected work(task: string[]): number {\n    return task.length * this.weight;\n  }\n}\n`,
    classes: ["CountAgent"],
    run: { args: ["count", 3], task: ["a", "b"], method: "run" },
  },
  {
    name: "named default export",
    file: "defaultNamed.ts",
    text: `export default class GreetAgent {\n  constructor(private readonly greeting: string) {}\n\n  async run(name: string): Promise<string> {\n    return this.greeting + " " + name;\n  }\n}\n`,
    classes: ["GreetAgent"],
    run: { args: ["Hello"], task: "Ada", method: "run", exported: "default" },
  },
  {
    name: "exported in a list below",
    file: "list.ts",
    text: `class ListAgent {\n  process(items: number[]): number[] {\n    return [...items].reverse();\n  }\n}\n\nexport { ListAgent };\n`,
    classes: ["ListAgent"],
    run: { task: [1, 2, 3], method: "process" },
  },
  {
    name: "exported under another name",
    file: "renamed.ts",
    text: `class InnerAgent {\n  handle(text: string) {\n    return { text, length: text.length };\n  }\n}\nexport { InnerAgent as PublicAgent };\n`,
    classes: ["InnerAgent"],
    run: { task: "abc", method: "handle", exported: "PublicAgent" },
  },
  {
    name: "default export below",
    file: "defaultBelow.ts",
    text: `class LateAgent {\n  run(task: number): number {\n    return task + 0.5;\n  }\n}\n\nexport default LateAgent;\n`,
    classes: ["LateAgent"],
    run: { task: 1, method: "run", exported: "default" },
  },
  {
    name: "not exported",
    file: "hidden.ts",
    text: `class HiddenAgent {\n  run(n: number) {\n    return n + 1;\n  }\n}\n\nexport const answer = new HiddenAgent().run(41);\n`,
    classes: ["HiddenAgent"],
    run: null,
  },
  {
    name: "type parameters with constraint, default and variance",
    file: "generic.ts",
    text: `export class MapAgent<in out Key extends string, Value = number> {\n  private readonly values = new Map<Key, Value>();\n  constructor(entries: readonly (readonly [Key, Value])[], readonly fallback?: Value) {\n    for (const [key, value] of entries) this.values.set(key, value);\n  }\n  run(key: Key): Value | undefined {\n    return this.values.get(key) ?? this.fallback;\n  }\n}\n`,
    classes: ["MapAgent"],
    run: { args: [[["a", 1]], 7], task: "b", method: "run" },
  },
  {
    name: "type parameter passed on to a generic base",
    file: "genericBase.ts",
    text: `import { Worker } from "./worker.js";\n\nexport class EchoAgent<T extends object> extends Worker<T> {\n  protected work(task: T): T {\n    return task;\n  }\n}\n`,
    classes: ["EchoAgent"],
    run: { args: ["echo"], task: { deep: { value: [1] } }, method: "run" },
  },
  {
    name: "constructor overloads",
    file: "overloads.ts",
    text: `export class FetchAgent {\n  private readonly base: string;\n  constructor(url: string);\n  constructor(options: { host: string; port?: number });\n  constructor(from: string | { host: string; port?: number }) {\n    this.base = typeof from === "string" ? from : from.host + ":" + String(from.port ?? 80);\n  }\n  execute(path: string): string {\n    return this.base + path;\n  }\n}\n`,
    classes: ["FetchAgent"],
    run: { args: [{ host: "shop", port: 8080 }], task: "/x", method: "execute" },
  },
  {
    name: "class expression in a constant",
    file: "expression.ts",
    text: `export const SumAgent = class {\n  constructor(readonly start = 0) {}\n  run(values: number[]): number {\n    return values.reduce((sum, value) => sum + value, this.start);\n  }\n};\n`,
    classes: ["SumAgent"],
    run: { args: [10], task: [1, 2], method: "run" },
  },
  {
    name: "names taken by something else",
    file: "collision.ts",
    text: `import type { Worker } from "./worker.js";\n\nexport class UniversalAgentAdapter {}\nexport type TakenAgentAdapter = Worker<string>;\n\nexport class TakenAgent {\n  run(n: number) {\n    return n;\n  }\n}\n`,
    classes: ["TakenAgent"],
    run: { task: 5, method: "run" },
  },
  {
    name: "tabs, single quotes, no semicolons",
    file: "tabs.ts",
    text: `import { Worker } from './worker.js'\n\nexport class TabAgent extends Worker<string> {\n\tconstructor() {\n\t\tsuper('tab')\n\t}\n\n\tprotected work(task: string) {\n\t\treturn task + '!'\n\t}\n}\n`,
    classes: ["TabAgent"],
    run: { task: "hi", method: "run" },
  },
  {
    name: "CRLF and BOM",
    file: "windows.ts",
    text: `\uFEFFimport { Worker } from "./worker.js";\r\n\r\nexport class WindowsAgent extends Worker<number> {\r\n    protected work(task: number): number {\r\n        return task + 1;\r\n    }\r\n}\r\n`,
    classes: ["WindowsAgent"],
    run: { args: ["w"], task: 1, method: "run" },
  },
  {
    name: "licence, then the class's own comment, no imports",
    file: "licence.ts",
    text: `/*!\n * Copyright 2024 Harbor\n */\n// The first version of this agent.\n// It is still in use.\n\n/** Tags. */\nexport class TagAgent {\n  run(text: string) {\n    return text.split(" ");\n  }\n}\n`,
    classes: ["TagAgent"],
    run: { task: "a b", method: "run" },
  },
  {
    name: "comment of the class alone, no imports",
    file: "docOnly.ts",
    text: `/** Trims. */\nexport class TrimAgent {\n  run(text: string) {\n    return text.trim();\n  }\n}`,
    classes: ["TrimAgent"],
    run: { task: " x ", method: "run" },
  },
  {
    name: "shebang and directive",
    file: "script.ts",
    text: `#!/usr/bin/env node\n"use strict";\nexport class ScriptAgent {\n  run(n: number) {\n    return -n;\n  }\n}\n`,
    classes: ["ScriptAgent"],
    run: { task: 4, method: "run" },
  },
  {
    name: "shebang alone",
    file: "shebang.ts",
    text: `#!/usr/bin/env node\nexport class ShebangAgent {\n  run(n: number) {\n    return n;\n  }\n}\n`,
    classes: ["ShebangAgent"],
    run: { task: 4, method: "run" },
  },
  {
    name: "trailing comments on import and class",
    file: "trailing.ts",
    text: `import { Worker } from "./worker.js"; // the base\nimport type {\n  Worker as W,\n} from "./worker.js"; /* a type */ // twice\n\nexport type Label = W<string>["label"];\nexport class TrailAgent extends Worker<string> {\n  protected work(task: string) { return task; }\n} // end of TrailAgent\nexport const after = 1;\n`,
    classes: ["TrailAgent"],
    run: { args: ["t"], task: "x", method: "run" },
  },
  {
    name: "code on the same line",
    file: "sameLine.ts",
    text: `import { Worker } from "./worker.js"; export const label: Worker<string>["label"] = "a";\nexport class LineAgent { run(n: number) { return n; } } export const one = new LineAgent().run(1);\n`,
    classes: ["LineAgent"],
    run: { task: 3, method: "run" },
  },
  {
    name: "two classes of one file",
    file: "pair.ts",
    text: `export class FirstAgent {\n  run(n: number) {\n    return n + 1;\n  }\n}\n\nexport class SecondAgent {\n  run(n: number) {\n    return n + 2;\n  }\n}\n`,
    classes: ["SecondAgent", "FirstAgent"],
    run: { task: 1, method: "run" },
  },
  {
    name: "private members, static block, accessor, throwing",
    file: "members.ts",
    text: `export class MemberAgent {\n  static readonly created: string[] = [];\n  static {\n    MemberAgent.created.push("static");\n  }\n  #secret = 7;\n  get secret(): number {\n    return this.#secret;\n  }\n  toJSON() {\n    return { secret: this.#secret };\n  }\n  async run(): Promise<never> {\n    throw new RangeError("out of " + String(this.secret));\n  }\n}\n`,
    classes: ["MemberAgent"],
    run: { task: {}, method: "run" },
  },
  {
    name: "class merged with an interface",
    file: "merged.ts",
    text: `export interface EventAgent {\n  on(name: string): void;\n}\nexport class EventAgent {\n  run(n: number) {\n    return n;\n  }\n}\n`,
    classes: ["EventAgent"],
    run: { task: 9, method: "run" },
  },
  {
    name: "long name",
    file: "long.ts",
    text: `export class CustomerSatisfactionSurveyEvaluationAgent {\n  run(scores: readonly number[]) {\n    return scores.reduce((sum, score) => sum + score, 0) / scores.length;\n  }\n}\n`,
    classes: ["CustomerSatisfactionSurveyEvaluationAgent"],
    run: { task: [1, 3], method: "run" },
  },
  {
    name: "decorated class",
    file: "decorated.ts",
    text: `function tagged<T extends abstract new (...args: never[]) => object>(target: T, _context: ClassDecoratorContext<T>): T {\n  return target;\n}\n\n@tagged\nexport class DecoratedAgent {\n  run(n: number) {\n    return n * 3;\n  }\n}\n`,
    classes: ["DecoratedAgent"],
    run: { task: 2, method: "run" },
  },
  {
    name: "implements interfaces, heritage over several lines",
    file: "heritage.ts",
    text: `import { Worker } from "./worker.js";\n\ninterface Named {\n  readonly label: string;\n}\n\nexport class HeritageAgent\n  extends Worker<string, Promise<string>>\n  implements Named\n{\n  protected async work(task: string): Promise<string> {\n    return this.label + task;\n  }\n}\n\nexport const other: Named = { label: "x" };\n`,
    classes: ["HeritageAgent"],
    run: { args: ["h"], task: "x", method: "run" },
  },
  {
    name: "anonymous default export",
    file: "anonymous-agent.ts",
    text: `import { Worker } from "./worker.js";\n\nexport default class extends Worker<string> {\n  protected work(task: string) {\n    return task + "?";\n  }\n}\n`,
    classes: ["default"],
    run: { args: ["a"], task: "x", method: "run", exported: "default" },
  },
  {
    name: "anonymous class expression as the default export, in parentheses",
    file: "paren_agent.ts",
    text: `/** Negates. */\nexport default (class {\n  constructor(readonly factor: number) {}\n  run(n: number) {\n    return -n * this.factor;\n  }\n});\n`,
    classes: ["default"],
    run: { args: [2], task: 4, method: "run", exported: "default" },
  },
  {
    name: "named class expression as the default export",
    file: "namedValue.ts",
    text: `export default (class NamedValueAgent {\n  run(n: number) {\n    return n + 7;\n  }\n});\n`,
    classes: ["NamedValueAgent"],
    run: { task: 4, method: "run", exported: "default" },
  },
  {
    name: "class in an exported namespace",
    file: "space.agents.ts",
    text: `export namespace Agents {\n  export interface Options {\n    size: number;\n  }\n  export class SpaceAgent {\n    constructor(readonly options: Options) {}\n    run(n: number) {\n      return n * this.options.size;\n    }\n  }\n}\n`,
    classes: ["SpaceAgent"],
    run: { args: [{ size: 3 }], task: 4, method: "run", exported: "Agents.SpaceAgent" },
  },
  {
    name: "class in a namespace within a namespace",
    file: "deepSpace.ts",
    text: `export namespace Outer.Inner {\n  export class DeepAgent<T> {\n    run(task: T): T[] {\n      return [task];\n    }\n  }\n}\n`,
    classes: ["DeepAgent"],
    run: { task: 4, method: "run", exported: "Outer.Inner.DeepAgent" },
  },
  {
    name: "variable that is never assigned again",
    file: "variable.ts",
    text: `export let LetAgent = class {\n  run(n: number) {\n    return n - 1;\n  }\n};\n\nexport var VarAgent = class {\n  run(n: number) {\n    return n - 2;\n  }\n};\n`,
    classes: ["LetAgent", "VarAgent"],
    run: { task: 1, method: "run" },
  },
  {
    name: "constant annotated with how it is constructed",
    file: "annotated.ts",
    text: `export interface Scorer {\n  run(text: string): number;\n}\n\nexport const ScoreAgent: new (weight: number) => Scorer = class implements Scorer {\n  constructor(readonly weight: number) {}\n  run(text: string): number {\n    return text.length * this.weight;\n  }\n};\n`,
    classes: ["ScoreAgent"],
    run: { args: [2], task: "abc", method: "run" },
  },
  {
    name: "class expression with a type parameter",
    file: "genericExpression.ts",
    text: `export const BoxAgent = class<T extends object> {\n  constructor(readonly boxed: readonly T[] = []) {}\n  run(task: T): T[] {\n    return [...this.boxed, task];\n  }\n};\n`,
    classes: ["BoxAgent"],
    run: { args: [[]], task: { n: 1 }, method: "run" },
  },
  {
    name: "several constants in one statement",
    file: "several.ts",
    text: `export const OneAgent = class {\n    run(n: number) {\n      return n + 1;\n    }\n  },\n  TwoAgent = class {\n    run(n: number) {\n      return n + 2;\n    }\n  };\n`,
    classes: ["TwoAgent", "OneAgent"],
    run: { task: 1, method: "run" },
  },
  {
    name: "class expression that a function of the file gives back",
    file: "traced.ts",
    text: `const traced = <T>(type: T): T => type;\n\nexport const TracedAgent = traced(\n  class {\n    constructor(readonly label: string) {}\n    run(task: string) {\n      return this.label + task;\n    }\n  },\n);\n`,
    classes: ["TracedAgent"],
    run: { args: ["t"], task: "x", method: "run" },
  },
  {
    name: "class expression that a mixin of the file extends",
    file: "mixin.ts",
    text: `// eslint-disable-next-line @typescript-eslint/no-explicit-any\ntype Constructor = new (...args: any[]) => object;\n\nexport function Logged<T extends Constructor>(Base: T) {\n  return class extends Base {\n    readonly log: string[] = [];\n  };\n}\n\nexport const LoggedAgent = Logged(\n  class {\n    constructor(readonly label: string) {}\n    run(task: string) {\n      return this.label + task;\n    }\n  },\n);\n`,
    classes: ["LoggedAgent"],
    run: { args: ["t"], task: "x", method: "run" },
  },
  {
    name: "class expression with a name of its own in a constant",
    file: "ownName.ts",
    text: `export const OuterAgent = class InnerNameAgent {\n  static count = 0;\n  run(n: number) {\n    InnerNameAgent.count += 1;\n    return n * 2;\n  }\n};\n`,
    classes: ["InnerNameAgent"],
    run: { task: 4, method: "run", exported: "OuterAgent" },
  },
  {
    name: "constructor overloads inherited from a base in another file",
    file: "inheritedOverloads.ts",
    text: `import { Fetcher } from "./fetcher.js";\n\nexport class PageAgent extends Fetcher<number> {\n  run(path: string): string {\n    return this.base + path;\n  }\n}\n`,
    classes: ["PageAgent"],
    run: { args: ["shop", 8080], task: "/x", method: "run" },
    bases: [["Fetcher", "fetcher.ts"]],
  },
  {
    name: "inherited overloads, and a type parameter passed on",
    file: "genericOverloads.ts",
    text: `import { Fetcher } from "./fetcher.js";\n\nexport class ItemAgent<Item extends object> extends Fetcher<Item> {\n  run(path: string): string {\n    return this.base + path;\n  }\n}\n`,
    classes: ["ItemAgent"],
    run: { args: ["shop"], task: "/x", method: "run" },
    bases: [["Fetcher", "fetcher.ts"]],
  },
  {
    name: "overloads that speak of types the file exports, imports, and keeps",
    file: "typedOverloads.ts",
    text: `import type { Worker } from "./worker.js";\n\nexport interface Options {\n  host: string;\n}\ntype Port = number;\n\nexport class OptionAgent {\n  readonly host: string;\n  constructor(options: Options);\n  constructor(worker: Worker<string>, port?: Port);\n  constructor(from: Options | Worker<string>, port: Port = 1) {\n    this.host = "host" in from ? from.host : from.label + String(port);\n  }\n  run(path: string): string {\n    return this.host + path;\n  }\n}\n\nexport class ReachableAgent {\n  readonly host: string;\n  constructor(options: Options);\n  constructor(worker: Worker<string>, port?: number);\n  constructor(from: Options | Worker<string>, port = 1) {\n    this.host = "host" in from ? from.host : from.label + String(port);\n  }\n  run(path: string): string {\n    return this.host + path;\n  }\n}\n`,
    classes: ["OptionAgent", "ReachableAgent"],
    run: { args: [{ host: "h" }], task: "/x", method: "run" },
  },
  {
    name: "parameter properties, optional and rest parameters",
    file: "parameters.ts",
    text: `export class ParameterAgent {\n  private readonly rest: readonly boolean[];\n  constructor(\n    readonly label: string,\n    protected readonly count?: number,\n    ...rest: boolean[]\n  ) {\n    this.rest = rest;\n  }\n  run(task: string) {\n    return [this.label, this.count, ...this.rest, task];\n  }\n}\n`,
    classes: ["ParameterAgent"],
    run: { args: ["l", 2, true, false], task: "x", method: "run" },
  },
  {
    name: "type parameters constrained by exported and imported types, with defaults",
    file: "constrained.ts",
    text: `import type { Worker } from "./worker.js";\n\nexport interface Keyed {\n  readonly key: string;\n}\n\nexport class IndexAgent<T extends Keyed = Keyed, W extends Worker<string> = Worker<string>> {\n  constructor(readonly items: readonly T[] = [], readonly worker?: W) {}\n  run(key: string): T | undefined {\n    return this.items.find((item) => item.key === key);\n  }\n}\n`,
    classes: ["IndexAgent"],
    run: { args: [[{ key: "a" }]], task: "a", method: "run" },
  },
  {
    name: "type parameter constrained by a type that the file keeps",
    file: "keptType.ts",
    text: `interface Sized {\n  readonly size: number;\n}\n\nexport class SizeAgent<T extends Sized> {\n  run(task: T): number {\n    return task.size;\n  }\n}\n`,
    classes: ["SizeAgent"],
    run: { task: { size: 3 }, method: "run" },
  },
  {
    name: "methods that return this",
    file: "fluent.ts",
    text: `export class FluentAgent {\n  private readonly steps: string[] = [];\n  add(step: string): this {\n    this.steps.push(step);\n    return this;\n  }\n  run(task: string): string[] {\n    return this.add(task).steps;\n  }\n}\n`,
    classes: ["FluentAgent"],
    run: { task: "x", method: "run" },
  },
  {
    name: "public constructor over an abstract base's protected one",
    file: "opened.ts",
    text: `import { Guarded } from "./guarded.js";\n\nexport class OpenedAgent extends Guarded {\n  constructor(secret = "s") {\n    super(secret);\n  }\n}\n`,
    classes: ["OpenedAgent"],
    run: { args: ["key"], task: "x", method: "run" },
    bases: [["Guarded", "guarded.ts"]],
  },
  {
    name: "exported under several names, with a re-export beside it",
    file: "severalNames.ts",
    text: `export * from "./worker.js";\n\nclass ManyAgent {\n  run(n: number) {\n    return n;\n  }\n}\n\nexport { ManyAgent as default, ManyAgent as OtherAgent };\n`,
    classes: ["ManyAgent"],
    run: { task: 4, method: "run", exported: "OtherAgent" },
  },
  {
    name: "tabs and CRLF without a final line ending, licence and BOM",
    file: "unusual.ts",
    text: `\uFEFF/*! Licence */\r\nimport { Worker } from './worker.js'\r\n\r\nexport class UnusualAgent extends Worker<string> {\r\n\tprotected work(task: string) {\r\n\t\treturn task\r\n\t}\r\n}`,
    classes: ["UnusualAgent"],
    run: { args: ["u"], task: "x", method: "run" },
  },
  {
    name: "streams and disposes",
    file: "stream.ts",
    text: `export class StreamAgent {\n  closed = false;\n  *stream(task: string): Generator<string, void> {\n    yield* task.split(" ");\n  }\n  async run(task: string): Promise<string[]> {\n    return [...this.stream(task)];\n  }\n  close(): void {\n    this.closed = true;\n  }\n}\n`,
    classes: ["StreamAgent"],
    run: { task: "x", method: "run" },
  },
];

export const esmShapes: Shape[] = [
  {
    name: "exported JavaScript class",
    file: "plain.js",
    text: `/** Doubles. */\nexport class JsAgent {\n  /** @param {number} [factor] */\n  constructor(factor = 2) {\n    this.factor = factor;\n  }\n\n  /** @param {number} n */\n  run(n) {\n    return n * this.factor;\n  }\n}\n`,
    classes: ["JsAgent"],
    run: { args: [5], task: 4, method: "run" },
  },
  {
    name: "JavaScript default export without semicolons",
    file: "noSemicolons.mjs",
    text: `import { join } from './plainHelper.mjs'\n\nexport default class JoinAgent {\n  /** @param {string[]} parts */\n  async process(parts) {\n    return join(parts)\n  }\n}\n\n;[1].forEach(() => {})\n`,
    classes: ["JoinAgent"],
    run: { task: ["a", "b"], method: "process", exported: "default" },
  },
  {
    name: "JavaScript type parameters in JSDoc",
    file: "template.js",
    text: `/**\n * Remembers.\n * @template {object} T\n * @template [U=string]\n */\nexport class StoreAgent {\n  /**\n   * @param {T[]} items\n   * @param {U} [extra]\n   */\n  constructor(items, extra) {\n    this.items = items;\n    this.extra = extra;\n  }\n\n  /** @param {T} item */\n  run(item) {\n    this.items.push(item);\n    return this.items.length;\n  }\n}\n`,
    classes: ["StoreAgent"],
    run: { args: [[]], task: { a: 1 }, method: "run" },
  },
  {
    name: "JavaScript class with a base, exported below",
    file: "based.js",
    text: `import { JsAgent } from "./plain.js";\n\nclass TripleAgent extends JsAgent {\n  constructor() {\n    super(3);\n  }\n}\n\nexport { TripleAgent as default, TripleAgent };\n`,
    classes: ["TripleAgent"],
    run: { task: 3, method: "run" },
  },
  {
    name: "JavaScript class expression",
    file: "expression.js",
    text: `export const LowerAgent = class {\n  /** @param {string} text */\n  run(text) {\n    return text.toLowerCase();\n  }\n};\n`,
    classes: ["LowerAgent"],
    run: { task: "ABC", method: "run" },
  },
  {
    name: "JavaScript overloads in JSDoc",
    file: "overloads.js",
    text: `export class JsFetchAgent {\n  /**\n   * @overload\n   * @param {string} url\n   */\n  /**\n   * @overload\n   * @param {string} host\n   * @param {number} port\n   */\n  /**\n   * @param {string} url\n   * @param {number} [port]\n   */\n  constructor(url, port) {\n    this.base = port === undefined ? url : url + port;\n  }\n\n  /** @param {string} path */\n  run(path) {\n    return this.base + path;\n  }\n}\n`,
    classes: ["JsFetchAgent"],
    run: { args: ["a", 1], task: "/x", method: "run" },
  },
  {
    name: "anonymous JavaScript default export",
    file: "anonymous.mjs",
    text: `export default class {\n  /** @param {number} n */\n  run(n) {\n    return n * 4;\n  }\n}\n`,
    classes: ["default"],
    run: { task: 3, method: "run", exported: "default" },
  },
];

export const commonjsShapes: Shape[] = [
  {
    name: "module.exports is the class",
    file: "whole.js",
    text: `'use strict'\n\nclass WholeAgent {\n  /** @param {number} n */\n  run (n) {\n    return n + 1\n  }\n}\n\nmodule.exports = WholeAgent\n`,
    classes: ["WholeAgent"],
    run: { task: 1, method: "run", exported: "module.exports" },
  },
  {
    name: "module.exports holds the class",
    file: "held.js",
    text: `const { join } = require("./plainHelper.js"); // helper\n\nclass HeldAgent {\n  /** @param {string[]} parts */\n  process(parts) {\n    return join(parts);\n  }\n}\n\nmodule.exports = {\n  HeldAgent,\n  version: 2,\n};\n`,
    classes: ["HeldAgent"],
    run: { task: ["x", "y"], method: "process" },
  },
  {
    name: "exports.Name assignment",
    file: "named.cjs",
    text: `#!/usr/bin/env node\nclass NamedAgent {\n  /** @param {number} n */\n  async run(n) {\n    if (n < 0) throw new Error("negative");\n    return n;\n  }\n}\nexports.NamedAgent = NamedAgent;\n`,
    classes: ["NamedAgent"],
    run: { task: -1, method: "run" },
  },
  {
    name: "module.exports.Name assignment, code that would continue a statement",
    file: "hazard.js",
    text: `const helper = require('./plainHelper.js')\n;[1].forEach(() => {})\n\nclass HazardAgent {\n  /** @param {string} text */\n  run(text) {\n    return helper.join([text, text])\n  }\n}\nmodule.exports.HazardAgent = HazardAgent\n;(function () {})()\n`,
    classes: ["HazardAgent"],
    run: { task: "z", method: "run" },
  },
  {
    name: "constant class expression, exported by both names",
    file: "both.js",
    text: `const BothAgent = class {\n  /** @param {number} n */\n  run(n) {\n    return n * 10;\n  }\n};\n\nexports = module.exports = { BothAgent };\n`,
    classes: ["BothAgent"],
    run: { task: 3, method: "run" },
  },
  {
    name: "not exported from a module without exports",
    file: "main.cjs",
    text: `class MainAgent {\n  /** @param {number} n */\n  run(n) {\n    return n;\n  }\n}\n\nnew MainAgent().run(1);\n`,
    classes: ["MainAgent"],
    run: null,
  },
  {
    name: "two classes of one CommonJS file",
    file: "pair.js",
    text: `class LeftAgent {\n  run() {\n    return "left";\n  }\n}\n\nclass RightAgent {\n  run() {\n    return "right";\n  }\n}\n\nmodule.exports = { LeftAgent, RightAgent };\n`,
    classes: ["LeftAgent", "RightAgent"],
    run: { task: {}, method: "run" },
  },
  {
    name: "module.exports is a class expression",
    file: "expression-agent.js",
    text: `module.exports = class {\n  /** @param {number} n */\n  run(n) {\n    return n + 5;\n  }\n};\n`,
    classes: ["default"],
    run: { task: 1, method: "run", exported: "module.exports" },
  },
  {
    name: "module.exports is a named class expression",
    file: "valueAgent.cjs",
    text: `const { join } = require("./plainHelper.js");\n\nmodule.exports = class ValueAgent {\n  /** @param {string[]} parts */\n  run(parts) {\n    return join(parts);\n  }\n};\n`,
    classes: ["ValueAgent"],
    run: { task: ["a", "b"], method: "run", exported: "module.exports" },
  },
  {
    name: "class expressions assigned to exports and held by module.exports",
    file: "assigned.js",
    text: `module.exports = {\n  HeldValueAgent: class {\n    /** @param {number} n */\n    run(n) {\n      return n + 6;\n    }\n  },\n};\n\nmodule.exports.AssignedAgent = class {\n  /** @param {number} n */\n  run(n) {\n    return n + 7;\n  }\n};\n`,
    classes: ["HeldValueAgent", "AssignedAgent"],
    run: { task: 1, method: "run" },
  },
  {
    name: "exported from CommonJS under another name",
    file: "renamed.js",
    text: `class HiddenNameAgent {\n  /** @param {number} n */\n  run(n) {\n    return n + 8;\n  }\n}\n\nexports.ShownAgent = HiddenNameAgent;\n`,
    classes: ["HiddenNameAgent"],
    run: { task: 1, method: "run", exported: "ShownAgent" },
  },
];

/** What only TypeScript that is compiled to CommonJS can hold. */
export const commonjsTypescriptShapes: Shape[] = [
  {
    name: "export =",
    file: "equals.ts",
    text: `class EqualsAgent {\n  run(n: number) {\n    return n + 3;\n  }\n}\n\nexport = EqualsAgent;\n`,
    classes: ["EqualsAgent"],
    run: { task: 1, method: "run", exported: "module.exports" },
  },
  {
    name: "export = class",
    file: "equalsValue.ts",
    text: `import worker = require("./worker");\n\nexport = class EqualsValueAgent {\n  constructor(readonly base: typeof worker.Worker) {}\n  run(n: number) {\n    return n + 4;\n  }\n};\n`,
    classes: ["EqualsValueAgent"],
    run: { task: 1, method: "run", exported: "module.exports" },
  },
  {
    name: "TypeScript with module.exports",
    file: "mixedExports.ts",
    text: `import { Worker } from "./worker.js";\n\ndeclare const module: { exports: Record<string, unknown> };\n\nclass MixedExportAgent extends Worker<number> {\n  protected work(task: number) {\n    return task + 1;\n  }\n}\n\nmodule.exports = { MixedExportAgent };\n`,
    classes: ["MixedExportAgent"],
    run: { args: ["m"], task: 1, method: "run" },
  },
];

export const scriptHelpers: Record<string, string> = {
  "plainHelper.mjs": `/** @param {string[]} parts */\nexport const join = (parts) => parts.join("-");\n`,
};
export const commonjsHelpers: Record<string, string> = {
  "plainHelper.js": `/** @param {string[]} parts */\nexports.join = (parts) => parts.join("-");\n`,
};
