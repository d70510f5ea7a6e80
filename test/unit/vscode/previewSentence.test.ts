import { join } from "node:path";
import { expect, it } from "vitest";
import { previewSentence } from "../../../src/vscode/migrate/previewSentence.ts";

const root = join("/", "work", "shop");
const change = (path: string, before: string | null) => ({ path: join(root, path), before, edits: [] });
const plan = { action: "migrate" as const, file_path: "src/a.ts", name: "A", adapter: "AAdapter" };

it("The question before a migration names what else is created and changed", () => {
  const own = change("src/a.ts", "class A {}");
  expect(previewSentence({ ...plan, changes: [own] }, root)).toBe(
    "Migrate A? AAdapter is added; the class stays as it is.",
  );
  const created = ["core.mjs", "core.cjs"].map((name) => change(`opsvi-agents/${name}`, null));
  expect(
    previewSentence(
      { ...plan, changes: [own, ...created, change("src/aAdapter.ts", null), change("package.json", "{}")] },
      root,
    ),
  ).toBe(
    "Migrate A? AAdapter is added; the class stays as it is. Also created: opsvi-agents/ (2 files), src/aAdapter.ts. Also changed: package.json.",
  );
});

it("The question before an update names the class that the adapter follows", () => {
  const update = { ...plan, action: "update" as const, changes: [change("src/a.ts", "class A {}")] };
  expect(previewSentence(update, root)).toBe("Update AAdapter? It follows A, which stays as it is.");
});
