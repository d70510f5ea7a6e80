import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";
import type { Workspace } from "./workspace.ts";

const agent = (name: string) => `export class ${name} {\n  async execute(task: string) {}\n}\n`;

const TRIAGE = `import { Agent } from "@openai/agents";

export const triage = new Agent({ name: "Triage", tools: [] });

export function makePicker(shelf: string) {
  return new Agent({ name: shelf });
}
`;
const PYTHON = { name: "WriterAgent", file_path: "agents/writer.py", lineno: 2, bases: [] };
const STOCK: Record<string, string> = {
  "src/clerkAgent.ts": agent("StockClerkAgent"),
  "src/triage.ts": TRIAGE,
  "src/Panel.vue": `<script lang="ts">\n${agent("PanelAgent")}</script>\n`,
  "agents/writer.py": "# the agent\nclass WriterAgent:\n    def execute(self, task): ...\n",
  ".proj-intel/agent_architecture.jsonl": `${JSON.stringify({
    type: "collector_item",
    item_type: "agent_class",
    file_path: PYTHON.file_path,
    name: PYTHON.name,
    data: { ...PYTHON, methods: [{ name: "execute" }] },
  })}\n`,
};
/** As many files as a switch of branches may change at once. */
const MANY = 1_000;

const vscode = useVSCode("folders", {
  prepare: async (workspace) => {
    for (const [path, text] of Object.entries(STOCK)) await workspace.write(`../stock/${path}`, text);
    await openFolders(workspace, "stock", "shop");
    return workspace.path("../all.code-workspace");
  },
});
const slow = { timeout: 30_000, interval: 200 };

/** The folders that VS Code shows; it follows the file. */
const openFolders = (workspace: Workspace, ...paths: string[]) =>
  workspace.write(
    "../all.code-workspace",
    JSON.stringify({ folders: paths.map((path) => ({ path })), settings: {} }),
  );

async function folders(): Promise<string[]> {
  const tree = await vscode.workbench.agents();
  return (await tree.picture()).filter((line) => /^[▾▸] (?:shop|stock|switched)(?: |$)/.test(line));
}

describe("several folders", () => {
  it("stand in the tree one below the other, each with its agents", async () => {
    await expect.poll(folders, slow).toEqual(["▾ stock  4 agents", "▾ shop  25 agents"]);
    const tree = await vscode.workbench.agents();
    expect(await tree.pictureOf("stock")).toEqual([
      "▾ stock  4 agents",
      "  ▸ makePicker  src/triage.ts · factory",
      "  ▸ PanelAgent  src/Panel.vue",
      "  ▸ StockClerkAgent  src/clerkAgent.ts",
      '  ▸ triage  src/triage.ts · instance of Agent of @openai/agents, named "Triage"',
      "  ▸ Other languages  1 agent, to be browsed only",
    ]);
    expect(await tree.message()).toBe("29 agents.");
    await vscode.workbench.screenshots("folders");
  });

  it("are kept up to date each for itself", async () => {
    const { workspace } = vscode;
    await workspace.write("src/late/lateAgent.ts", agent("LateAgent"));
    await expect.poll(folders, slow).toEqual(["▾ stock  4 agents", "▾ shop  26 agents"]);
    await workspace.remove("src/late");
    await workspace.write("../stock/src/lateAgent.ts", agent("LateAgent"));
    await expect.poll(folders, slow).toEqual(["▾ stock  5 agents", "▾ shop  25 agents"]);
    await workspace.remove("../stock/src/lateAgent.ts");
    await expect.poll(folders, slow).toEqual(["▾ stock  4 agents", "▾ shop  25 agents"]);
  });

  it("are told apart in the panels", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Show Census");
    const page = workbench.webview();
    const agents = () => page.locator('[data-figure="agents"] dd').first().innerText();
    await expect.poll(agents, slow).toBe("28");
    await page.getByRole("combobox", { name: "Folder" }).selectOption("stock");
    await expect.poll(agents, slow).toBe("4");
    await workbench.run("View: Close All Editors");
  });
});

describe("agents that are no classes", () => {
  it("can be run and need no migration: the menu does not offer it, and the palette says why", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    for (const name of ["triage", "makePicker"]) {
      await tree.row(name).click({ button: "right" });
      const entries = await tree.menuEntries();
      expect(entries).toContain("Run Task…");
      expect(entries).not.toContain("Migrate to BaseAgent");
      await workbench.closeMenu();
    }
    await workbench.openFile("triage.ts", lineOf(TRIAGE, "new Agent"));
    await workbench.run("Agents: Migrate to BaseAgent");
    expect(await workbench.notifications.message(/only classes are migrated/)).toBe(
      "triage is an agent that is made already, and only classes are migrated: it can be run as it is.",
    );
    await workbench.run("Agents: Why Is This (Not) an Agent?");
    await expect.poll(() => workbench.quickInput.title()).toBe("Why is triage an agent?");
    await workbench.quickInput.cancel();
    await workbench.run("View: Close All Editors");
  });
});

describe("agents that can only be browsed", () => {
  it("stand in other languages: their rows lead to the line and tell the reason", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.expand("Other languages");
    const writer = tree.row("WriterAgent");
    await writer.waitFor();
    expect(await writer.getAttribute("aria-label")).toBe(
      "WriterAgent, python · agents/writer.py. It is written in Python: only TypeScript and JavaScript can be run and migrated.",
    );
    await writer.hover();
    expect(await writer.getByRole("button").count()).toBe(0);
    await tree.open("WriterAgent");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("writer.py");
    await expect.poll(() => workbench.editor.line(), slow).toBe(2);
  });

  it("stand in components: neither Run nor Migrate is offered", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.open("PanelAgent");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("Panel.vue");
    expect(await workbench.editor.menu("PanelAgent")).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:Run Task…|Migrate to BaseAgent)$/)]),
    );
    await workbench.closeMenu();
    await tree.row("PanelAgent").click({ button: "right" });
    const entries = await tree.menuEntries();
    expect(entries).toContain("Why Is This (Not) an Agent?");
    expect(entries).not.toContain("Run Task…");
    expect(entries).not.toContain("Migrate to BaseAgent");
    await workbench.closeMenu();
    await workbench.run("View: Close All Editors");
  });
});

describe("a folder that comes while VS Code is open", () => {
  it("is indexed, takes a switch of branches as one change, and goes again", { retry: 1 }, async () => {
    const { workspace } = vscode;
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", workspace.path("../switched"), ...args], { stdio: "pipe" });
    const write = async (from: number, to: number, text: (n: number) => string) => {
      for (let n = from; n < to; n += 1) await workspace.write(`../switched/src/file${n}.ts`, text(n));
    };
    const commit = () => {
      git("add", "-A");
      git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "change");
    };
    await workspace.write("../switched/README.md", "");
    // A second attempt starts anew.
    await workspace.remove("../switched");
    await workspace.write("../switched/README.md", "");
    git("init", "-q", "-b", "one");
    await write(0, MANY, (n) => (n % 25 === 0 ? agent(`One${n}Agent`) : `export const x = ${n};\n`));
    commit();
    git("switch", "-qc", "two");
    await write(0, MANY, (n) => (n % 20 === 0 ? agent(`Two${n}Agent`) : `export const y = ${n};\n`));
    commit();
    git("switch", "-q", "one");

    const tree = await vscode.workbench.agents();
    await tree.fold("shop");
    await openFolders(workspace, "stock", "shop", "switched");
    const last = async () => (await folders()).at(-1) ?? "";
    await expect.poll(last, slow).toBe("▾ switched  40 agents");
    git("switch", "-q", "two");
    const seen: string[] = [];
    const watched = async () => {
      const now = await last();
      if (now !== seen.at(-1)) seen.push(now);
      return now;
    };
    await expect.poll(watched, { timeout: 30_000, interval: 20 }).toBe("▾ switched  50 agents");
    expect(seen.filter((line) => line !== "▾ switched  40 agents")).toEqual(["▾ switched  50 agents"]);

    await openFolders(workspace, "stock", "shop");
    await expect.poll(folders, slow).toEqual(["▾ stock  4 agents", "▸ shop  25 agents"]);
    await workspace.remove("../switched");
  });

  it("is the first one: all extensions start anew, and the view fills by itself", async () => {
    const { workbench, workspace } = vscode;
    const tree = await workbench.agents();
    // After many other events VS Code may miss that the file was written: it is written until that is seen.
    const first = async () => {
      await openFolders(workspace, "shop");
      return (await tree.picture())[0];
    };
    await expect.poll(first, { timeout: 60_000, interval: 3_000 }).toMatch(/^▸ BackupAgent/);
    expect(await tree.message()).toBe("25 agents.");
  });
});
