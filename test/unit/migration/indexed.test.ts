import { relative } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { everything, indexFiles } from "../indexer/project.ts";
import { buildCore, Project } from "./project.ts";
import {
  commonjsHelpers,
  commonjsShapes,
  commonjsTypescriptShapes,
  esmShapes,
  helpers,
  scriptHelpers,
  typescriptShapes,
} from "./shapes.ts";

beforeAll(buildCore, 60_000);

const settings = [
  ["TypeScript", [...typescriptShapes, ...commonjsTypescriptShapes], helpers, { module: "commonjs" }],
  ["ES modules", esmShapes, scriptHelpers, {}],
  ["CommonJS", commonjsShapes, commonjsHelpers, {}],
] as const;

/** Nothing about these speaks of an agent but the name that a call or a file gives them: the index may pass them over. */
const unknown = new Set([
  "annotated.ts#ScoreAgent",
  "anonymous-agent.ts#default",
  "anonymous.mjs#default",
  "expression-agent.js#default",
  "mixin.ts#LoggedAgent",
  "paren_agent.ts#default",
  "traced.ts#TracedAgent",
]);

const trials = settings.flatMap((setting) =>
  (["same-file", "sibling-file"] as const).map((placement) => [...setting, placement] as const),
);

test.each(trials)(
  "the index knows every migrated class and its adapter: %s",
  async (_what, shapes, more, compilerOptions, placement) => {
    using project = new Project(
      {
        "package.json": `{ "name": "shop" }`,
        "tsconfig.json": JSON.stringify({ compilerOptions: { target: "es2020", ...compilerOptions } }),
        ...more,
        ...Object.fromEntries(shapes.map(({ file, text }) => [file, text])),
      },
      placement,
    );
    const expected: string[] = [];
    for (const { file, classes } of shapes) {
      for (const name of classes) {
        const { adapter, changes } = await project.migrate(file, name);
        const holder = relative(project.root, changes[0]?.path ?? "").replaceAll("\\", "/");
        expected.push(`${holder}#${adapter} adapts ${name}`);
        if (!unknown.has(`${file}#${name}`)) expected.push(`${file}#${name} is migrated`);
      }
    }
    const index = await indexFiles(project.tree());
    const known = everything(index).flatMap(({ file_path, name, migrated, adapts }) => [
      ...(migrated && !unknown.has(`${file_path}#${name}`) ? [`${file_path}#${name} is migrated`] : []),
      ...(adapts === null ? [] : [`${file_path}#${name} adapts ${adapts}`]),
    ]);
    expect(known.sort()).toEqual(expected.sort());
  },
  60_000,
);
