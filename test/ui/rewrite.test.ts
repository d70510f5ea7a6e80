import { describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { lineOf, useVSCode } from "./fixture.ts";

const parser = "src/parserAgent.ts";
const called = "src/calledAgent.ts";
const agent = (name: string) => `export class ${name} {
  private seen = 0;

  async execute(task: string): Promise<number> {
    this.seen += 1;
    return task.length;
  }
}
`;

const vscode = useVSCode("rewrite", {
  settings: { "opsviAgents.migration.runtime": "vendored" },
  files: {
    "package.json": desk["package.json"] ?? "",
    "tsconfig.json": desk["tsconfig.json"] ?? "",
    [parser]: agent("ParserAgent"),
    [called]: agent("CalledAgent"),
    "src/main.ts": `import { CalledAgent } from "./calledAgent.ts";\n\nexport const answer = new CalledAgent().execute("a");\n`,
    "src/basedAgent.ts":
      'import { ParserAgent } from "./parserAgent.ts";\n\nexport class BasedAgent extends ParserAgent {}\n',
  },
});
const slow = { timeout: 60_000, interval: 200 };
const title = "Rewrite as BaseAgent Subclass";

/** What the lightbulb offers on the name of a class. */
async function offered(path: string, name: string) {
  const { workbench, workspace } = vscode;
  const tree = await workbench.agents();
  await expect.poll(async () => (await tree.pictureOf(name)).length, slow).toBeGreaterThan(0);
  await workbench.openFile(path, lineOf(await workspace.read(path), `class ${name}`));
  return workbench.editor.lightbulb(name);
}

describe(title, () => {
  it("is offered by the lightbulb, shows the difference, and is undone to the byte", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    await workspace.remove("src/basedAgent.ts");
    const start = await workspace.texts();
    const actions = await offered(parser, "ParserAgent");
    await workbench.screenshot("lightbulb-rewrite");
    await actions.filter({ hasText: title }).click();
    await workbench.diff.shown();
    expect(await workbench.notifications.message("Rewrite ParserAgent?")).toMatch(
      /^Rewrite ParserAgent\? The class itself becomes a BaseAgent, without an adapter\. Also created: opsvi-agents\//,
    );
    const after = (await workbench.diff.after()).join("\n");
    expect(after).toContain("class ParserAgent extends BaseAgent<string, number>");
    expect(after).toContain("protected async executeImpl(task: string)");
    await workbench.screenshots("rewrite-diff");
    await workbench.notifications.press("Rewrite ParserAgent?", "Apply");
    await expect.poll(() => workspace.read(parser), slow).toContain("extends BaseAgent<string, number>");
    await workbench.notifications.press("Rewrote ParserAgent", "Undo Migration");
    await workbench.notifications.message("is undone.");
    expect(await workspace.texts()).toEqual(start);
    await workspace.write("src/basedAgent.ts", before["src/basedAgent.ts"] ?? "");
    await workbench.run("View: Close All Editors");
    await workbench.dismiss();
  });

  it("says in one sentence who could tell the difference, and changes nothing", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    const actions = await offered(called, "CalledAgent");
    await actions.filter({ hasText: title }).click();
    expect(await workbench.notifications.message("CalledAgent")).toMatch(/^CalledAgent .*src\/main\.ts:3\.$/);
    expect(await workspace.texts()).toEqual(before);
    await workbench.dismiss();
  });

  it("is not offered where the class has a base", async () => {
    const { workbench } = vscode;
    const actions = await offered("src/basedAgent.ts", "BasedAgent");
    const texts = await actions.allInnerTexts();
    expect(texts.some((text) => text.includes("Migrate to BaseAgent"))).toBe(true);
    expect(texts.some((text) => text.includes(title))).toBe(false);
    await workbench.page.keyboard.press("Escape");
    await workbench.editor.menu("BasedAgent").then((entries) => expect(entries).not.toContain(title));
    await workbench.closeMenu();
  });
});
