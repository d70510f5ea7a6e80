import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { classFacts } from "../../../src/indexer/planning/classFacts.ts";
import { migratedEntry } from "../../../src/migration/entry.ts";
import { planAdapter } from "../../../src/migration/planAdapter.ts";
import { textAfter } from "../../../src/migration/textEdits.ts";
import { undoEdits } from "../../../src/migration/undoPlan.ts";
import { withoutInsertions } from "./project.ts";

const root = "/shop";
const piece = (...texts: string[]) => fc.constantFrom("", ...texts);

/** A file put together from what stands around classes in real ones. */
const file = fc
  .record({
    bom: piece("\uFEFF"),
    shebang: piece("#!/usr/bin/env node\n"),
    header: piece(
      "/*! Licence */\n",
      "// note\n\n",
      "/** @file A. */\n",
      "/* a */ /* b */\n",
      "// @ts-check\n",
      '/// <reference lib="es2022" />\n',
    ),
    directive: piece("'use strict'\n", '"use strict";\n\n', '"use strict"; // why\n'),
    imports: piece(
      'import a from "a";\n',
      "import a from 'a'\nimport * as b from 'b'\n",
      'import {\n  a,\n} from "a"; // names\n\n',
      'import a from "a"; import "b"; export const x = 1;\n',
      'import a from "a" /* same\nline */\n',
      'import a from "a"; const t = `\n${1}`;\n',
    ),
    between: piece(
      "\n",
      "const n = 1\n;[n].map(String)\n",
      "export const text = `\nexport class T {}\n`;\n",
      "\t\n",
    ),
    doc: piece("/** Does. */\n", "// does\n", "@tagged\n"),
    head: fc.constantFrom(
      "export class T",
      "export default class T",
      "class T",
      "export class T extends Array<string>",
    ),
    body: fc.constantFrom(" {}", " {\n  run() {}\n}", " {\n\trun() { return `}` }\n\t}", " { run() {} }"),
    after: piece(
      "",
      "\n",
      ";\n",
      " // end",
      " /* end */\n",
      " /* two\nlines */\n",
      "export const z = 1",
      "\n\n\nexport { n2 };const n2 = 2\n",
      " \t\n\t",
    ),
    crlf: fc.boolean(),
  })
  .map(({ crlf, bom, ...parts }) => {
    const text = Object.values(parts).join("");
    return bom + (crlf ? text.replaceAll("\n", "\r\n") : text);
  })
  .filter((text) => syntaxErrors(text) === 0 && /\b(?:import|export)\b/.test(text));

function syntaxErrors(text: string): number {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  return (
    ts.transpileModule(text, { compilerOptions, reportDiagnostics: true, fileName: "t.ts" }).diagnostics
      ?.length ?? 0
  );
}

function plan(text: string) {
  const result = classFacts({ file: "t.ts", text, name: "T", typeModule: false });
  if (!("facts" in result)) return "migrated" in result ? result.migrated : result.refused;
  const { room } = result.facts;
  if ("refused" in room) return room.refused;
  const planned = planAdapter({
    root,
    file: `${root}/t.ts`,
    text,
    facts: result.facts,
    project: {
      home: root,
      dependency: true,
      manifest: null,
      format: "esm",
      typeModule: true,
      importExtension: "",
      emitted: null,
      bundle: { folder: `${root}/opsvi-agents`, files: new Set() },
      source: null,
    },
    options: { agentType: "t" },
    place: room,
    vendorFiles: () => new Map(),
  });
  return planned.status === "ready" ? planned.plan : planned.reason;
}

/** The code without trivia: what a compiler sees. */
function tokens(text: string): string[] {
  const source = ts.createSourceFile("t.ts", text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (node.getChildCount(source) === 0) found.push(node.getText(source));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return found.filter((token) => token !== "" && token !== ";");
}

test("whatever stands around a class, the result parses, keeps every token and byte, and is undone", () => {
  fc.assert(
    fc.property(file, (text) => {
      const planned = plan(text);
      if (typeof planned === "string") throw new Error(planned);
      const [change] = planned.changes;
      const after = change === undefined ? "" : textAfter(change);
      expect(syntaxErrors(after)).toBe(0);
      expect(withoutInsertions(planned, after)).toBe(text);
      expect(/\r(?!\n)|(?<!\r)\n/.test(after)).toBe(/\r(?!\n)|(?<!\r)\n/.test(text) || !text.includes("\n"));
      expect(plan(after)).toBe(`T is migrated already: ${planned.adapter} wraps it.`);
      const kept = tokens(text);
      const now = tokens(after);
      let from = 0;
      for (const token of kept) from = now.indexOf(token, from) + 1;
      expect(from).toBeGreaterThan(0);

      const entry = migratedEntry(root, planned);
      for (const [current, original] of [
        [after, text],
        [`${after}\n// later`, `${text}\n// later`],
      ] as const) {
        const undone = undoEdits({
          entry,
          left: [],
          absolute: (path) => path,
          texts: new Map([["t.ts", current]]),
        });
        if ("refused" in undone) throw new Error(undone.refused);
        expect(undone.changes.map(textAfter)).toEqual([original]);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
