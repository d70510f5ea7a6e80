import { execFileSync } from "node:child_process";
import { format, type Options } from "prettier";
import { beforeAll, expect, test } from "vitest";
import { textAfter } from "../../../src/migration/textEdits.ts";
import { buildCore, Project, repository } from "./project.ts";
import { recordOf } from "./record.ts";
import { commonjsShapes, esmShapes, typescriptShapes } from "./shapes.ts";

beforeAll(buildCore, 60_000);

const habits: [string, Options][] = [
  ["prettier's defaults", {}],
  ["no semicolons, single quotes", { semi: false, singleQuote: true }],
  ["tabs, no trailing commas, tight braces", { useTabs: true, trailingComma: "none", bracketSpacing: false }],
  ["four spaces, long lines", { tabWidth: 4, printWidth: 120 }],
];

/** Enough to show each habit, in code a team could have written. */
const habitual = `
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";

const defaults = { algorithm: "sha256", encoding: "hex", separator: ":", prefix: "agent", suffix: "", rounds: 1 };

export function digest(text: string, algorithm = defaults.algorithm, rounds = 1, salt = 0, pepper = 0): number { return rounds; }

/** Hashes what it gets. */
export class HashAgent extends EventEmitter {
  private seen = 0;
  run(text: string) {
    this.seen += 1;
    return { hash: createHash(defaults.algorithm).update(text).digest("hex"), seen: this.seen };
  }
}
`;

const capabilities = ["task_execution", "tool_usage", "memory_access", "messaging", "orchestration"].map(
  (name) => ({
    name,
    own: true,
    method: "run",
    file_path: "agent.ts",
    lineno: 1,
  }),
);

test.each(habits)("a file formatted with %s stays formatted", async (_what, options) => {
  const formatted = await format(habitual, { ...options, parser: "typescript" });
  using project = new Project({ "agent.ts": formatted });
  const record = { ...recordOf("HashAgent", "agent.ts"), capabilities };
  const { changes } = await project.ready("agent.ts", "HashAgent", record);
  const [after = ""] = changes.map(textAfter);
  expect(after).toContain("class HashAgentAdapter");
  expect(await format(after, { ...options, parser: "typescript" })).toBe(after);
});

const shapes = [...typescriptShapes, ...esmShapes, ...commonjsShapes].filter(
  ({ text }) => !text.startsWith("\uFEFF"),
);

test.each(shapes)("formatting never touches an adapter: $name ($file)", async ({ file, text, classes }) => {
  const filepath = file.replace(/\.[cm]js$/, ".js");
  const formatted = await format(text, { filepath });
  using project = new Project({ "package.json": `{ "name": "shop" }`, [file]: formatted });
  for (const name of classes) await project.migrate(file, name);
  expect(await format(project.read(file), { filepath })).toBe(project.read(file));
});

test("the project's own prettier and type checker leave the vendored runtime alone", async () => {
  using project = new Project({
    "package.json": `{"name": "shop"}\n`,
    "agent.ts": "export class ShopAgent {\n  run() {}\n}\n",
    "tsconfig.json": `{ "compilerOptions": { "allowJs": true, "checkJs": true, "strict": true, "noEmit": true, "types": [], "lib": ["es2022"] } }\n`,
  });
  await project.migrate("agent.ts", "ShopAgent");
  const run = (bin: string, ...args: string[]) =>
    execFileSync(process.execPath, [`${repository}/node_modules/${bin}`, ...args], {
      cwd: project.root,
      encoding: "utf8",
    });
  expect(run("prettier/bin/prettier.cjs", "--check", "opsvi-agents", "agent.ts")).toMatch(
    /All matched files/,
  );
  expect(run("typescript/bin/tsc")).toBe("");
});
