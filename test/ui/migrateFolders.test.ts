import { describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { lineOf, useVSCode } from "./fixture.ts";
import { reportedIn } from "./migrationReport.ts";
import type { Workspace } from "./workspace.ts";

const greet = "src/greetAgent.ts";
const shelf = "../stock/src/shelfAgent.ts";
const manifest = '{ "name": "stock", "private": true, "type": "module", "packageManager": "pnpm@9.0.0" }\n';

const vscode = useVSCode("migrateFolders", {
  files: Object.fromEntries(
    ["package.json", "tsconfig.json", greet, "src/vaultAgent.ts"].map((path) => [path, desk[path] ?? ""]),
  ),
  prepare: async (workspace: Workspace) => {
    await workspace.write("../stock/package.json", manifest);
    await workspace.write("../stock/tsconfig.json", desk["tsconfig.json"] ?? "");
    await workspace.write("../stock/src/clerkAgent.ts", (desk[greet] ?? "").replace("Greet", "Clerk"));
    await workspace.write(
      shelf,
      "export class ShelfAgent {\n  stow(task: string) {\n    return task;\n  }\n\n  fetchOne(task: string) {\n    return task;\n  }\n}\n",
    );
    const folders = ["shop", "stock"].map((path) => ({ path }));
    await workspace.write("../all.code-workspace", JSON.stringify({ folders, settings: {} }));
    return workspace.path("../all.code-workspace");
  },
});
const slow = { timeout: 60_000, interval: 200 };
const all = async () => {
  const { workspace } = vscode;
  const stock = ["package.json", "src/clerkAgent.ts", "src/shelfAgent.ts"].map((path) => `../stock/${path}`);
  return [await workspace.texts(), ...(await Promise.all(stock.map((path) => workspace.read(path))))];
};

describe("Migrating two folders", () => {
  it("asks each once where the runtime comes from, and groups the classes by folder", async () => {
    const { workbench, workspace } = vscode;
    const { quickInput } = workbench;
    const tree = await workbench.agents();
    await expect.poll(async () => (await tree.pictureOf("ShelfAgent")).length, slow).toBeGreaterThan(0);
    await workbench.run("Agents: Migrate Workspace…");
    await expect
      .poll(() => quickInput.title(), slow)
      .toBe("Migrating shop: where do migrated classes get BaseAgent from?");
    await quickInput.accept();
    await expect
      .poll(() => quickInput.title(), slow)
      .toBe("Migrating stock: where do migrated classes get BaseAgent from?");
    expect((await quickInput.picks())[1]).toBe(
      "Add opsvi-agents to package.json To be installed by pnpm, from a registry that has it.",
    );
    await workbench.screenshot("migration-runtime-question");
    await workbench.page.keyboard.press("ArrowDown");
    await quickInput.accept();
    const checklist = await workbench.checklist();
    await expect
      .poll(() => checklist.picture(), slow)
      .toEqual([
        "▾ shop  1 class · vendored runtime · types verified",
        "  ▾ Ready (1)",
        `    GreetAgent  ${greet}`,
        "  ▸ Cannot (1)",
        "▾ stock  1 class · opsvi-agents in package.json · types not verified",
        "  ▾ Ready (1)",
        "    ClerkAgent  src/clerkAgent.ts",
        "  ▾ Needs a choice (1)",
        "    ShelfAgent  No method of ShelfAgent takes tasks by its name: choose the one that does.",
      ]);
    expect(await workspace.read(".vscode/settings.json")).toContain("vendored");
    expect(await checklist.message()).toBe("2 classes in 2 files");
    expect(await workspace.read("../stock/.vscode/settings.json")).toContain("package");
  });

  it("takes a class whose method is chosen in the checklist, and reports each folder", async () => {
    const { workbench, workspace } = vscode;
    const before = await all();
    const checklist = await workbench.checklist();
    await checklist.open("ShelfAgent");
    expect(await workbench.quickInput.title()).toBe("Migrate ShelfAgent");
    await workbench.quickInput.entry("stow").waitFor();
    await workbench.quickInput.pick("fetchOne");
    await expect
      .poll(() => checklist.pictureOf("stock"), slow)
      .toEqual([
        "▾ stock  2 classes · opsvi-agents in package.json · types not verified",
        "  ▾ Ready (2)",
        "    ClerkAgent  src/clerkAgent.ts",
        "    ShelfAgent  fetchOne() · src/shelfAgent.ts",
      ]);
    await workbench.screenshots("migration-folders");
    await workbench.run("Agents: Apply Migration of Checked Classes");
    expect(await reportedIn(workbench)).toEqual([
      `Migrated 1 GreetAgent ${greet} GreetAgentAdapter`,
      "Left as they are 1 VaultAgent src/vaultAgent.ts VaultAgent has a private constructor, so an adapter cannot construct it.",
    ]);
    const report = workbench.webview();
    await report.getByRole("combobox", { name: "Folder" }).selectOption("stock");
    await report.getByText("ShelfAgentAdapter").waitFor();
    expect(await report.locator("header [role=status]").innerText()).toMatch(/^stock · /);
    expect(await report.locator(".notes").innerText()).toMatch(
      /^Run "pnpm install" in .*stock: opsvi-agents was added to its package\.json, and no compiler can check what imports it before\.$/,
    );
    expect(await workbench.notifications.buttons('Run "pnpm install"')).toEqual(["Run pnpm install"]);
    expect(await workspace.read("../stock/package.json")).toMatch(/"opsvi-agents": "\^?\d/);
    expect(await workspace.read(shelf)).toContain('method: "fetchOne"');
    await workbench.screenshots("migration-report-folders");

    await workbench.run("Agents: Undo Migration…");
    await workbench.quickInput.pick("All 3 migrations");
    await workbench.quickInput.accept();
    await workbench.notifications.message("2 migrations are undone.");
    await expect.poll(all, slow).toEqual(before);
    await workbench.dismiss();
    await workbench.run("View: Close All Editors");
  });

  it("asks nothing the second time", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Migrate Workspace…");
    const checklist = await workbench.checklist();
    await expect.poll(() => checklist.message(), slow).toBe("2 classes in 2 files");
    expect((await checklist.picture()).filter((line) => line.startsWith("▾"))).toEqual([
      "▾ shop  1 class · vendored runtime · types verified",
      "▾ stock  1 class · opsvi-agents in package.json · types not verified",
    ]);
    await workbench.run("Agents: Discard Migration of the Workspace");
  });
});

describe("Migrating a class whose method is not known", () => {
  it("asks which one takes tasks, and the adapter names it", async () => {
    const { workbench, workspace } = vscode;
    await workbench.openFile("shelfAgent.ts", lineOf(await workspace.read(shelf), "class ShelfAgent"));
    await workbench.run("Agents: Migrate to BaseAgent");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Migrate ShelfAgent");
    await workbench.quickInput.pick("stow");
    await workbench.diff.shown();
    expect((await workbench.diff.after()).join("\n")).toContain('method: "stow"');
    await workbench.notifications.press("Migrate ShelfAgent?", "Discard");
  });
});
