import { beforeAll, describe, expect, test } from "vitest";
import type { AgentRecord, BaseLink } from "../../../src/model/agentRecord.ts";
import { record } from "../vscode/record.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const manifest = { "package.json": `{ "name": "shop" }` };
const file = "src/odd.ts";
const odd = `export class OddAgent {
  #key = 1;
  readonly name = "odd";
  constructor(private readonly log: string[] = []) {}
  get busy() { return false; }
  static create() { return new OddAgent(); }
  forecast(task: string) { return task + this.#key + this.log.length; }
  compare = (a: string) => a + this.secret();
  private secret() { return ""; }
  protected guarded() {}
  _internal() {}
}
`;

const oddRecord = (more: Partial<AgentRecord> = {}) => record({ name: "OddAgent", file_path: file, ...more });
const link = (name: string, from: Partial<BaseLink>): BaseLink => ({
  ...{ name, file_path: null, module: null },
  ...from,
});
const extending = (base: string, text = odd) =>
  text.replace("class OddAgent", `class OddAgent extends ${base}`);

describe("a class whose methods do not tell which one takes tasks", () => {
  test("is a choice among its public methods", async () => {
    using project = new Project({ ...manifest, [file]: odd });
    expect(await project.plan(file, "OddAgent", oddRecord())).toEqual({
      status: "choice",
      reason: "No method of OddAgent takes tasks by its name: choose the one that does.",
      methods: ["forecast", "compare"],
    });
  });

  test("is a choice among inherited methods too, but for those of emitters", async () => {
    const base =
      'import { EventEmitter } from "node:events";\nexport abstract class Base extends EventEmitter {\n  estimate() {}\n  forecast() { return ""; }\n  protected hidden() {}\n  private own() {}\n  get size() { return 0; }\n}\n';
    using project = new Project({
      ...manifest,
      "src/base.ts": base,
      [file]:
        'import { Base } from "./base";\n' + extending("Base").replace(" = []) {}", " = []) { super(); }"),
    });
    const known = oddRecord({
      bases: ["Base"],
      base_chain: [
        link("Base", { file_path: "src/base.ts" }),
        link("EventEmitter", { module: "node:events" }),
      ],
      inherited_methods: [{ name: "emit", from: "EventEmitter", file_path: "", params: [] }],
    });
    expect(await project.plan(file, "OddAgent", known)).toMatchObject({
      status: "choice",
      methods: ["forecast", "compare", "estimate"],
    });
  });

  test.each([
    ["same-file", "forecast"],
    ["sibling-file", "compare"],
  ] as const)("is wrapped with the method that was chosen: %s", async (placement, method) => {
    using project = new Project({ ...manifest, [file]: odd }, placement);
    const result = await project.plan(file, "OddAgent", oddRecord(), {}, method);
    expect(result).toMatchObject({ status: "ready" });
    const text = result.status === "ready" ? (result.plan.changes[0]?.edits.at(-1)?.text ?? "") : "";
    expect(text).toContain(
      `    super(new OddAgent(...args), {\n      agentType: "OddAgent",\n      name: "OddAgent",\n      method: "${method}",\n    });`,
    );
  });

  test.each([
    ["is not there", "missing"],
    ["is private", "secret"],
    ["is protected", "guarded"],
    ["is static", "create"],
    ["is an accessor", "busy"],
    ["is no function", "name"],
    ["is meant for itself", "_internal"],
  ])("is refused with a method that %s", async (_what, method) => {
    using project = new Project({ ...manifest, [file]: odd });
    expect(await project.plan(file, "OddAgent", oddRecord(), {}, method)).toEqual({
      status: "refused",
      reason: `OddAgent has no public method ${method}: choose one of forecast, compare.`,
    });
  });

  test("is refused where it has no public method at all", async () => {
    const text =
      "export class OddAgent {\n  constructor(readonly n: number) {}\n  private forecast() {}\n}\n";
    using project = new Project({ ...manifest, [file]: text });
    expect(await project.plan(file, "OddAgent", oddRecord())).toEqual({
      status: "refused",
      reason: 'OddAgent has no public method that could take tasks: add one, for example "execute".',
    });
    expect(await project.plan(file, "OddAgent", oddRecord(), {}, "forecast")).toEqual({
      status: "refused",
      reason: 'OddAgent has no public method forecast, nor any other: add one, for example "execute".',
    });
  });

  test("is wrapped as .proj-intel/adapters.json says, of the class or of a base", async () => {
    for (const name of ["OddAgent", "Base"]) {
      using project = new Project({
        ...manifest,
        [file]: odd,
        ".proj-intel/adapters.json": JSON.stringify({
          version: 1,
          classes: { [name]: { method: "compare" } },
        }),
      });
      const known = oddRecord({ base_chain: [link("Base", { file_path: "src/base.ts" })] });
      const plan = await project.ready(file, "OddAgent", known);
      expect(plan.changes[0]?.edits.at(-1)?.text).toContain('method: "compare"');
    }
  });

  test("is wrapped with the method that the settings of the index name", async () => {
    using project = new Project({ ...manifest, [file]: odd });
    const capability = { name: "task_execution", own: true, method: "forecast", file_path: file, lineno: 7 };
    const plan = await project.ready(file, "OddAgent", oddRecord({ capabilities: [capability] }));
    expect(plan.changes[0]?.edits.at(-1)?.text).toContain('method: "forecast"');
  });
});

describe("a class that is called back", () => {
  const params = [
    { name: "name", type: "string", optional: false },
    { name: "fn", type: "(step: number) => Promise<void>", optional: false },
  ];
  const base = `export class Base {
  onStart() {}
  onMessage(message: string) { return message; }
  runFiber(name: string, fn: (step: number) => Promise<void>) { return fn(name.length); }
  runWorkflow(name: string) { return name; }
}
`;
  const called = `import { Base } from "./base";
export class OddAgent extends Base {
  override onMessage(message: string) { return message + "!"; }
}
`;
  const known = (capabilities: AgentRecord["capabilities"] = []) =>
    oddRecord({
      ...{ bases: ["Base"], capabilities },
      base_chain: [link("Base", { file_path: "src/base.ts" })],
      inherited_methods: [
        { name: "runFiber", from: "Base", file_path: "src/base.ts", params },
        { name: "runWorkflow", from: "Base", file_path: "src/base.ts", params: params.slice(0, 1) },
      ],
    });

  test("is a choice, though its base offers to run something else", async () => {
    using project = new Project({ ...manifest, "src/base.ts": base, [file]: called });
    const capability = {
      ...{ name: "task_execution", own: false, method: "runWorkflow" },
      ...{ file_path: "src/base.ts", lineno: 5 },
    };
    const choice = {
      status: "choice",
      reason:
        "OddAgent is not given tasks: what runs it calls its onMessage. Choose a method that is to take tasks all the same, or leave the class as it is.",
      methods: ["onMessage", "onStart", "runFiber", "runWorkflow"],
    };
    expect(await project.plan(file, "OddAgent", known())).toEqual(choice);
    expect(await project.plan(file, "OddAgent", known([capability]))).toEqual(choice);
  });

  test("is wrapped with the method of its base that takes tasks by its name", async () => {
    using project = new Project({
      ...manifest,
      "src/base.ts": base.replace("runWorkflow", "processMessage"),
      [file]: called,
    });
    const plan = await project.ready(file, "OddAgent", known());
    // The adapter would find runFiber, which is handed code to call.
    expect(plan.changes[0]?.edits.at(-1)?.text).not.toContain("runFiber");
  });
});

test("a method that is handed code to call is passed over for one that is not", async () => {
  const text = `export class OddAgent {
  runFiber<T>(callback: () => T) { return callback(); }
  performForecast(city: string) { return city; }
}
`;
  using project = new Project({ ...manifest, [file]: text });
  const method = (name: string, parameter: string, type: string) => ({
    ...{ name, lineno: 1, docstring: null, async: false },
    params: [{ name: parameter, type, optional: false }],
  });
  const methods = [method("runFiber", "callback", "() => T"), method("performForecast", "city", "string")];
  const plan = await project.ready(file, "OddAgent", oddRecord({ methods }));
  expect(plan.changes[0]?.edits.at(-1)?.text).toContain('method: "performForecast"');
});

test("a method that only the class itself may call gives way to one that everybody may", async () => {
  const text = `export class OddAgent {
  async handleMessage(message: string) { return this.executeStep(message); }
  private executeStep(step: string) { return step; }
}
`;
  using project = new Project({ ...manifest, [file]: text });
  const plan = await project.ready(file, "OddAgent", oddRecord());
  expect(plan.changes[0]?.edits.at(-1)?.text).toContain('method: "handleMessage"');
});

test("a field that holds data is no method, whatever its name", async () => {
  const text = `const brand = Symbol("brand");
export class OddAgent {
  runAs?: string | { name: string };
  performed: number[] = [];
  runs = 0;
  readonly [brand] = true;
  [Symbol.dispose]() {}
  constructor(user?: string) { this.runAs = user; }
  forecast(task: string) { return task; }
}
`;
  using project = new Project({ ...manifest, [file]: text });
  expect(await project.plan(file, "OddAgent", oddRecord())).toMatchObject({
    status: "choice",
    methods: ["forecast"],
  });
});

describe("no choice is asked", () => {
  const body = (members: string) => `export class OddAgent {\n${members}\n}\n`;
  test.each([
    ["where a method takes tasks by its name", body("  forecast() {}\n  processRequest() {}")],
    ["where a private method does, which the adapter finds too", body("  forecast() {}\n  private run() {}")],
    ["where a field holds it", body("  forecast() {}\n  run = makeRun();")],
    [
      "where the constructor sets it",
      body("  forecast() {}\n  constructor() { (this as any).x = 1; this.run = () => 1; }"),
    ],
    ["where an accessor gives it", body("  forecast() {}\n  get run() { return () => 1; }")],
    ["where it is a parameter property", body("  forecast() {}\n  constructor(readonly run: () => void) {}")],
    [
      "where Object.assign may add it",
      body("  forecast() {}\n  constructor(o: object) { Object.assign(this, o); }"),
    ],
    ["where names are computed", body("  forecast() {}\n  [key]() {}")],
    ["where a decorator may add it", `@agent\n${body("  forecast() {}")}`],
    ["where the prototype gets it", `${body("  forecast() {}")}OddAgent.prototype.run = function () {};\n`],
    [
      "where an interface declares it",
      `export interface OddAgent { run(): void }\n${body("  forecast() {}")}`,
    ],
  ])("%s", async (_what, text) => {
    using project = new Project({ ...manifest, [file]: text });
    const plan = await project.ready(file, "OddAgent", oddRecord());
    expect(plan.changes[0]?.edits.at(-1)?.text).not.toContain("method:");
  });

  test.each([
    ["a base that was not found", { bases: ["Lost"], base_chain: [] }],
    ["a base of a package without typings", { bases: ["Far"], base_chain: [link("Far", { module: "far" })] }],
    ["a base of the language", { bases: ["Map"], base_chain: [link("Map", {})] }],
    ["a base that is gone", { bases: ["Gone"], base_chain: [link("Gone", { file_path: "src/gone.ts" })] }],
    [
      "a base of the workspace that has it",
      { bases: ["Base"], base_chain: [link("Base", { file_path: "src/base.ts" })] },
    ],
    [
      "a base of a package that has it",
      {
        bases: ["Far"],
        base_chain: [link("Far", { module: "far" })],
        inherited_methods: [{ name: "run", from: "Far", file_path: "", params: [] }],
      },
    ],
  ])("where it extends %s", async (_what, known) => {
    using project = new Project({
      ...manifest,
      "src/base.ts": "export class Base {\n  protected execute() {}\n}\n",
      [file]: odd,
    });
    expect(await project.plan(file, "OddAgent", oddRecord(known))).toMatchObject({ status: "ready" });
  });

  test("where the index does not know the class", async () => {
    using project = new Project({ ...manifest, [file]: odd });
    expect(await project.plan(file, "OddAgent")).toMatchObject({ status: "ready" });
  });
});
