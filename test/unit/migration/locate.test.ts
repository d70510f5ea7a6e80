import fc from "fast-check";
import { format, type Options } from "prettier";
import { beforeAll, describe, expect, test } from "vitest";
import { applyEdits } from "../../../src/migration/textEdits.ts";
import { locate } from "../../../src/migration/locate.ts";
import { looseText } from "../../../src/migration/looseText.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const insertion = {
  start: 0,
  text: '\n\n/** Ours. */\nexport class A extends B<C> {\n  constructor(...args: D<typeof C>) {\n    super(new C(...args), {\n      agentType: "it\'s",\n      list: ["a", "b c"],\n    });\n  }\n}\n',
  replaced: "",
};
const before = "export class C {}";
const after = "\nexport const last = [1, 2];\n";

const formatted = (text: string, options: Options) => format(text, { ...options, parser: "typescript" });

const options = fc.record<Options>({
  semi: fc.boolean(),
  singleQuote: fc.boolean(),
  useTabs: fc.boolean(),
  tabWidth: fc.constantFrom(2, 4),
  printWidth: fc.constantFrom(30, 60, 80, 140),
  trailingComma: fc.constantFrom("all", "es5", "none"),
  bracketSpacing: fc.boolean(),
  endOfLine: fc.constantFrom("lf", "crlf"),
});

test("whatever a formatter makes of a file, taking the insertion out leaves what it makes of the file without it", async () => {
  await fc.assert(
    fc.asyncProperty(options, async (chosen) => {
      const text = await formatted(before + insertion.text + after, chosen);
      const edit = locate(text, insertion);
      if (edit === null || edit === "repeated") throw new Error(`${edit}: ${text}`);
      const rest = applyEdits(text, [edit]);
      expect(await formatted(rest, chosen)).toBe(await formatted(before + after, chosen));
    }),
    { numRuns: 60 },
  );
});

test("nothing is taken out that is not what was inserted", () => {
  const words = insertion.text.match(/\w+|[^\s\w]/g) ?? [];
  const changed = fc
    .tuple(fc.nat(words.length - 1), fc.constantFrom("x", "+", '"', "1", "", "class", "}"), fc.boolean())
    .map(([at, word, instead]) => words.toSpliced(at, instead ? 1 : 0, word).join(" "));
  fc.assert(
    fc.property(changed, (other) => {
      const edit = locate(before + other + after, insertion);
      if (edit === null) return;
      // Only what formatters leave out may be missing.
      if (edit === "repeated") throw new Error(other);
      expect(looseText(other.trim()).text.replaceAll('""', "")).toBe(looseText(insertion.text).text);
    }),
    { numRuns: 2_000 },
  );
});

describe("an insertion is not found", () => {
  const found = (text: string, inserted = "\nmodule.exports.A = A;") =>
    locate(text, { start: 0, text: inserted, replaced: "" });

  test.each<[string, string, string?]>([
    ["as a part of longer words", "mymodule.exports.A = A;"],
    ["as a part of longer words at its end", "module.exports.A = Ab;"],
    ["where words are joined", "exportclass A {}", "export class A {}"],
    ["where a text in quotes has another space", 'x = "a  b";', 'x = "a b";'],
    ["where it stands in comment marks", "// module.exports.A =\n// A;"],
  ])("%s", (_what, text, inserted) => {
    expect(found(`let a;\n${text}\n`, inserted)).toBe(null);
  });

  test("twice", () => {
    expect(found("module.exports.A = A\nmodule.exports.A  = A\n")).toBe("repeated");
  });

  test("and where it is, goes with its semicolon and line", () => {
    const text = "let a;\nmodule.exports.A =\n  A ;\nlet b;\n";
    const edit = found(text);
    if (edit === null || edit === "repeated") throw new Error(String(edit));
    expect(applyEdits(text, [edit])).toBe("let a;\nlet b;\n");
  });
});

test("quotes, escapes and what is between them keep their places", () => {
  const text = `a('it\\'s', "x\\\\", 'don"t',);`;
  const { text: loose, offsets } = looseText(text);
  expect(loose).toBe(`a("it's","x\\\\","don"t")`);
  const letters = offsets.map((offset) => text[offset]).join("");
  expect(letters).toBe(`a('it's',"x\\\\",'don"t')`);
});

test("a migration is undone after the whole project was formatted", async () => {
  const text = `import { log } from "./log";\n\nexport class ParserAgent {\n  run(task: string) {\n    return log(task);\n  }\n}\n\nexport class OtherAgent {\n  run(task: string) {\n    return task;\n  }\n}\n`;
  using project = new Project({ "package.json": `{ "name": "shop" }`, "parser.ts": text });
  await project.migrate("parser.ts", "ParserAgent");
  await project.migrate("parser.ts", "OtherAgent");
  const style: Options = {
    singleQuote: true,
    semi: false,
    useTabs: true,
    printWidth: 40,
    trailingComma: "none",
  };
  project.write("parser.ts", await formatted(project.read("parser.ts"), style));
  for (const name of ["ParserAgent", "OtherAgent"]) {
    await undoMigrations({ root: project.root, classes: [{ file_path: "parser.ts", name }] });
  }
  expect(project.read("parser.ts")).toBe(await formatted(text, style));
});
