import { pathToFileURL } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

/** How a generated method ends. */
const outcome = fc.constantFrom("returns", "resolves", "throws", "rejects");
type Outcome = "returns" | "resolves" | "throws" | "rejects";

interface Method {
  name: string;
  parameters: readonly string[];
  outcome: Outcome;
}

interface Shape {
  form: "declaration" | "expression" | "default" | "inherited";
  entry: Method;
  others: Method[];
  getter: boolean;
  toText: boolean;
  toJSON: boolean;
  hidden: boolean;
  placement: "same-file" | "sibling-file";
}

const parameters = fc.constantFrom(["task"], ["input"], ["request"], ["text", "user"], []);
const shape: fc.Arbitrary<Shape> = fc.record({
  form: fc.constantFrom("declaration", "expression", "default", "inherited"),
  entry: fc.record({
    name: fc.constantFrom("execute", "run", "process", "handle", "invoke", "processRequest"),
    parameters,
    outcome,
  }),
  others: fc.uniqueArray(
    fc.record({ name: fc.constantFrom("alpha", "beta", "gamma", "delta"), parameters, outcome }),
    { selector: ({ name }) => name, maxLength: 3 },
  ),
  getter: fc.boolean(),
  toText: fc.boolean(),
  toJSON: fc.boolean(),
  hidden: fc.boolean(),
  placement: fc.constantFrom("same-file", "sibling-file"),
});

/** Every call is noted on the object itself; what is returned or thrown is kept, to be compared by identity. */
function codeOf({ form, entry, others, ...has }: Shape): string {
  const method = ({ name, parameters: list, outcome: how }: Method) => {
    const asynchronous = how === "resolves" || how === "rejects";
    const act =
      how === "throws" || how === "rejects"
        ? `const error = new RangeError("${name}"); thrown.push(error); throw error;`
        : `const made = { by: "${name}", args: [...arguments] }; this.made.push(made); return made;`;
    return `  ${asynchronous ? "async " : ""}${name}(${list.join(", ")}) { this.calls.push(["${name}", ...arguments]); ${act} }`;
  };
  const members = [
    "  calls: unknown[][] = [];",
    "  made: unknown[] = [];",
    "  constructor(readonly label: string, readonly weight = 1) { INIT }",
    ...[entry, ...others].map(method),
    has.hidden ? "  #secret = 7;\n  reveal() { return this.#secret; }" : "",
    has.getter ? "  get size() { return this.calls.length; }" : "",
    has.toText ? "  toString() { return this.label + this.calls.length; }" : "",
    has.toJSON ? "  toJSON() { return { label: this.label, calls: this.calls.length }; }" : "",
  ];
  const body = members
    .filter((line) => line !== "")
    .join("\n")
    .replace(" INIT ", "");
  return `export const thrown: unknown[] = [];\n${declared(form, body)}`;
}

function declared(form: Shape["form"], body: string): string {
  switch (form) {
    case "declaration":
      return `export class ShopAgent {\n${body}\n}\n`;
    case "expression":
      return `export const ShopAgent = class {\n${body}\n};\n`;
    case "default":
      return `export default class ShopAgent {\n${body}\n}\n`;
    case "inherited":
      return `class Base {\n${body}\n}\nexport class ShopAgent extends Base {}\n`;
  }
}

interface Loaded {
  /** What both sides threw. */
  thrown: unknown[];
  Legacy: new (label: string, weight?: number) => Legacy;
  Adapter: new (label: string, weight?: number) => Adapter;
}
type Legacy = Record<string, unknown> & { calls: unknown[][]; made: unknown[] };
/** What its own `toString` says. */
const textOf = (object: Legacy): unknown => (object.toString as () => unknown)();

interface Adapter {
  legacy: Legacy;
  executeAsync(task: unknown): Promise<{ status: string; value?: unknown; cause?: unknown }>;
}

/** Migrates the class, compiles what came of it, and loads both sides. */
async function load(project: Project, { form }: Shape): Promise<Loaded> {
  const { adapter, changes } = await project.migrate("agent.ts", "ShopAgent");
  const holder = changes[0]?.path ?? "";
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  for (const name of new Set(["agent.ts", holder.slice(project.root.length + 1)])) {
    const { outputText } = ts.transpileModule(project.read(name), { compilerOptions });
    project.write(name.replace(/\.ts$/, ".mjs"), outputText.replaceAll("./agent.js", "./agent.mjs"));
  }
  const module = async (path: string) =>
    (await import(/* @vite-ignore */ pathToFileURL(path.replace(/\.ts$/, ".mjs")).href)) as Record<
      string,
      unknown
    >;
  const own = await module(project.path("agent.ts"));
  const beside = await module(holder);
  return {
    thrown: own.thrown as unknown[],
    Legacy: own[form === "default" ? "default" : "ShopAgent"] as Loaded["Legacy"],
    Adapter: beside[adapter] as Loaded["Adapter"],
  };
}

async function settled(run: () => unknown): Promise<{ value: unknown } | { error: unknown }> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
}

const task = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.record({ id: fc.integer(), text: fc.string(), nested: fc.array(fc.boolean(), { maxLength: 2 }) }),
);
/** What a method takes of a task: all of it, or by the names of its parameters, in their order. */
const tasked = ({ parameters: list }: Method, of: unknown) =>
  list.length < 2 ? { given: of, args: [of] } : { given: { user: of, text: [of] }, args: [[of], of] };

/** -1 is the adapter's own call; another number calls that method of the legacy object past the adapter. */
const calls = fc.array(fc.record({ by: fc.integer({ min: -1, max: 2 }), task }), {
  minLength: 1,
  maxLength: 6,
});

test("whatever the class, whatever is called, the adapter adds nothing and takes nothing away", async () => {
  await fc.assert(
    fc.asyncProperty(shape, calls, async (made, sequence) => {
      using project = new Project(
        {
          "package.json": `{ "name": "shop", "type": "module" }`,
          "agent.ts": `import "./other.js";\n${codeOf(made)}`,
        },
        made.placement,
      );
      project.write("other.js", "");
      const { Legacy, Adapter, thrown } = await load(project, made);
      const legacy = new Legacy("a", 2);
      const adapter = new Adapter("a", 2);
      const wrapped = adapter.legacy;
      const { entry, others } = made;
      const fails = entry.outcome === "throws" || entry.outcome === "rejects";

      for (const { by, task: of } of sequence) {
        const other = others[by];
        if (other !== undefined) {
          const call = (object: Legacy) =>
            settled(() => (object[other.name] as (task: unknown) => unknown)(of));
          expect(await call(wrapped)).toEqual(await call(legacy));
          continue;
        }
        const before = wrapped.calls.length;
        const { given, args } = tasked(entry, of);
        const direct = await settled(() => (legacy[entry.name] as (...args: unknown[]) => unknown)(...args));
        const [last, throws] = [fails ? thrown.at(-1) : legacy.made.at(-1), thrown.length];
        const result = await adapter.executeAsync(given);
        expect(thrown.length - throws).toBe(fails ? 1 : 0);
        if (fails) {
          expect(direct).toEqual({ error: last });
          // A failure is rolled back: the object's own data is what it was before the call.
          expect(wrapped.calls.length).toBe(before);
          expect(result.status).toBe("failed");
          expect(result.cause).toBe(thrown.at(-1));
          legacy.calls.pop();
        } else {
          expect(direct).toEqual({ value: last });
          expect(result.status).toBe("success");
          expect(result.value).toBe(wrapped.made.at(-1));
        }
      }

      expect(wrapped.calls).toEqual(legacy.calls);
      expect(wrapped.made).toEqual(legacy.made);
      expect(wrapped).toBeInstanceOf(Legacy);
      expect(wrapped.constructor).toBe(Legacy);
      expect(Object.getPrototypeOf(wrapped)).toBe(Legacy.prototype);
      expect(Reflect.ownKeys(wrapped)).toEqual(Reflect.ownKeys(legacy));
      expect(JSON.stringify(wrapped)).toBe(JSON.stringify(legacy));
      expect(textOf(wrapped)).toBe(textOf(legacy));
      if (made.getter) expect(wrapped.size).toBe(legacy.size);
      if (made.hidden) expect((wrapped.reveal as () => unknown)()).toBe(7);
    }),
    { numRuns: 40 },
  );
}, 120_000);
