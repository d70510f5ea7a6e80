import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ErrorPatternLearner } from "../../src/runtime/index.ts";
import { PatternsStore } from "../../src/runtime/patterns/store.ts";
import { useVSCode } from "./fixture.ts";

const agent = (name: string, body: string) =>
  `export class ${name} {\n  async execute(task) {\n    ${body}\n  }\n}\n`;
const vscode = useVSCode("errorPatterns", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/diskAgent.mjs": agent(
      "DiskAgent",
      'if (task.mode === "fast") throw new RangeError(`disk ${task.disk} is full`);\n    return "done";',
    ),
  },
});
const slow = { timeout: 30_000, interval: 200 };

const view = () => vscode.workbench.webview();
const options = () => view().getByRole("listbox", { name: "Error patterns" }).locator(".row");
const detail = () => view().locator(".pattern-detail");
const panel = () => vscode.workbench.run("Agents: Show Error Patterns");
const list = async () => (await options().allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
const press = (name: string | RegExp) => view().getByRole("button", { name }).click();
const filter = (label: string) =>
  view()
    .locator("label.filter")
    .filter({ hasText: new RegExp(`^${label}`) })
    .locator("select");
const store = () =>
  new PatternsStore(vscode.workspace.path(".proj-intel"), { warn: (sentence) => expect.fail(sentence) });
const onDisk = async () => await readFile(vscode.workspace.path(".proj-intel/error_patterns.json"), "utf8");

async function runDisk(task: object): Promise<void> {
  const tree = await vscode.workbench.agents();
  await tree.chooseFromMenu("DiskAgent", "Run Task…");
  await vscode.workbench.quickInput.answer(JSON.stringify(task));
  await vscode.workbench.notifications.message(/DiskAgent (finished|failed)/);
  await vscode.workbench.notifications.clear();
}

/** Errors of other agents, of the last weeks. */
function history(): void {
  const learner = new ErrorPatternLearner(vscode.workspace.path(".proj-intel"));
  const failing: [new (message: string) => Error, string, string[]][] = [
    [TypeError, "Cannot read properties of undefined (reading 'price')", ["QuoteAgent", "CartAgent"]],
    [Error, "connect ECONNREFUSED 10.0.0.7:5432", ["OrderAgent"]],
    [Error, "no space left on device", ["ArchiveAgent"]],
    [
      SyntaxError,
      "Unexpected token < in JSON at position 0",
      ["FeedAgent", "NewsAgent", "MailAgent", "TeaAgent"],
    ],
  ];
  for (const [Kind, message, agents] of failing)
    for (const agent of agents) {
      const error = new Kind(message);
      error.stack = "";
      learner.recordError(error, { agent });
    }
  learner.flush();
  const day = (ago: number) => new Date(Date.now() - ago * 24 * 3600 * 1000).toISOString();
  store().edit((patterns) =>
    patterns.map((pattern, place) => {
      const counts = Array.from({ length: 25 }, (_, ago) =>
        Math.max(0, Math.round(6 * Math.sin(ago / 3 + place))),
      );
      const days = Object.fromEntries(counts.map((count, ago) => [day(ago + 1).slice(0, 10), count]));
      return {
        ...pattern,
        days: { ...days, ...(pattern.days as object) },
        occurrences: pattern.occurrences + counts.reduce((sum, count) => sum + count, 0),
        first_seen: day(26),
      };
    }),
  );
}

const choose = async (text: string) => {
  await options().filter({ hasText: text }).click();
  await detail().waitFor();
};

describe("the Error Patterns panel", () => {
  it("says that there is nothing yet, and what would bring something", async () => {
    await panel();
    await view().getByText("No error patterns yet").waitFor();
    await vscode.workbench.screenshots("error-patterns-empty");
    expect(await vscode.workbench.violations()).toEqual([]);
  });

  it("lists the error of a failing agent without a reload, and shows how often what was seen", async () => {
    await runDisk({ disk: 7, mode: "fast" });
    await expect
      .poll(list, slow)
      .toEqual([expect.stringMatching(/disk .* is full RangeError DiskAgent/) as string]);
    await runDisk({ disk: 8, mode: "fast" });
    await runDisk({ disk: 8, mode: "safe" });
    history();
    await expect.poll(async () => (await list()).length, slow).toBe(5);
    expect(await view().locator(".sparkline").first().getAttribute("aria-label")).toMatch(
      /occurrences? in 30 days/,
    );
    await vscode.workbench.screenshots("error-patterns-list");
    expect(await vscode.workbench.violations()).toEqual([]);
  });

  it("tells why errors count as one, and opens their source and runs", async () => {
    const { workbench } = vscode;
    await choose("is full");
    await expect.poll(() => view().locator("mark").allInnerTexts(), slow).toHaveLength(1);
    const text = await detail().innerText();
    expect(text).toMatch(/Their messages are the same but for/);
    expect(text).toContain("disk 8 is full");
    await workbench.screenshots("error-patterns-detail");
    expect(await workbench.violations()).toEqual([]);
    await press(/DiskAgent\.execute \(diskAgent\) src\/diskAgent\.mjs:3/);
    await expect.poll(() => workbench.editor.tab(), slow).toMatch(/diskAgent\.mjs/);
    await expect.poll(() => workbench.editor.line(), slow).toBe(3);
    await panel();
    await view()
      .getByRole("button", { name: /^DiskAgent [0-9a-f]{8}$/ })
      .first()
      .click();
    await expect.poll(() => workbench.editor.tab(), slow).toMatch(/DiskAgent .*\.log/);
    await panel();
    await detail().waitFor();
  });

  it("proposes what a later run did differently, and keeps what a person adds, changes and takes out", async () => {
    const { workbench } = vscode;
    await detail().getByText('Set mode of the task to "safe".').waitFor();
    expect(await detail().locator(".badge").innerText()).toBe("unconfirmed");
    expect(await detail().locator(".solution pre").innerText()).toContain('"mode": "safe"');
    await press("Dismiss");
    await detail().getByText('Set mode of the task to "safe".').waitFor({ state: "detached" });
    await press("Undo Dismissal");
    await press("Confirm");
    await detail().locator(".badge").waitFor({ state: "detached" });
    expect(await onDisk()).toContain('"action":{"type":"patch","task":{"mode":"safe"}}');
    await press("Add Solution");
    await view().getByLabel("What to do").fill("Empty the bin <b>first</b>");
    await view()
      .getByLabel(/Code for people/)
      .fill("rm -rf ~/.local/share/Trash/*");
    await view()
      .getByLabel(/Its language/)
      .fill("shell");
    const action = view().getByLabel("What auto-fix does with it");
    await action.selectOption("Run again with fewer at a time");
    await view().getByLabel("At most so many at a time").fill("2.5");
    await press("Save");
    expect(await workbench.notifications.message("Auto-fix can do nothing of this: concurrency")).toMatch(
      /The solution was not saved\.$/,
    );
    await workbench.notifications.clear();
    await action.selectOption("Run again later");
    await press("Save");
    await view().getByRole("alert").getByText('"Seconds to wait first" is empty.').waitFor();
    await view().getByLabel("Seconds to wait first").fill("2.5");
    await workbench.screenshots("error-patterns-add-solution");
    expect(await workbench.violations()).toEqual([]);
    await press("Save");
    await detail().getByText("Empty the bin <b>first</b>").waitFor();
    await detail().getByText("Auto-fix: run again after 2500 ms.").waitFor();
    await detail().getByText("shell, shown only and never run").waitFor();
    expect(await onDisk()).toContain("Empty the bin");
    await workbench.screenshots("error-patterns-solutions");
    expect(await workbench.violations()).toEqual([]);
    const added = view().locator(".solution").filter({ hasText: "Empty the bin" });
    await added.getByRole("button", { name: "Remove" }).click();
    await added.waitFor({ state: "detached" });
    await press("Undo Change of Solution");
    await added.waitFor();
    await added.getByRole("button", { name: "Edit" }).click();
    await view().getByLabel("What to do").fill("Empty the bin");
    expect(await view().getByLabel("Seconds to wait first").inputValue()).toBe("2.5");
    await press("Save");
    await detail().getByText("Empty the bin", { exact: true }).waitFor();
  });

  it("merges two patterns after it has shown what becomes of them, and takes it back", async () => {
    const { workbench } = vscode;
    await choose("no space left");
    await press("Merge…");
    await workbench.quickInput.pick("RangeError: disk <number> is full", "is full");
    await view().getByRole("heading", { name: "Before: 2 groups" }).waitFor();
    await view().getByRole("heading", { name: "After: 1 group" }).waitFor();
    await workbench.screenshots("error-patterns-merge-preview");
    expect(await workbench.violations()).toEqual([]);
    expect((await list()).length).toBe(5);
    await press("Apply");
    await expect.poll(async () => (await list()).length, slow).toBe(4);
    await detail().getByText("was merged into it by hand").waitFor();
    await workbench.screenshots("error-patterns-merged");
    await press("Take out…");
    await view().getByRole("heading", { name: "After: 2 groups" }).waitFor();
    await press("Apply");
    await expect.poll(async () => (await list()).length, slow).toBe(5);
    await press("Undo Unmerge");
    await expect.poll(async () => (await list()).length, slow).toBe(4);
    await press("Undo Merge");
    await expect.poll(async () => (await list()).length, slow).toBe(5);
  });

  it("splits a pattern by agent or message, and takes it back", async () => {
    const { workbench } = vscode;
    await choose("Unexpected token");
    await press("Split…");
    await workbench.quickInput.pick("Errors of NewsAgent");
    await view().getByRole("heading", { name: "After: 2 groups" }).waitFor();
    await workbench.screenshots("error-patterns-split-preview");
    await press("Apply");
    await expect.poll(async () => (await list()).length, slow).toBe(6);
    await press("Count here again…");
    await view().getByRole("heading", { name: "After: 1 group" }).waitFor();
    await press("Apply");
    await expect.poll(async () => (await list()).length, slow).toBe(5);
    await press("Split…");
    await workbench.quickInput.pick("Errors whose message contains…");
    await workbench.quickInput.answer("Unexpected");
    await view().getByRole("heading", { name: "After: 2 groups" }).waitFor();
    await press("Apply");
    await expect.poll(async () => (await list()).length, slow).toBe(6);
    await press("Undo Split");
    await expect.poll(async () => (await list()).length, slow).toBe(5);
  });

  it("renames and mutes; what is muted is shown where it is asked for", async () => {
    const { workbench } = vscode;
    await choose("ECONNREFUSED");
    await press("Rename…");
    await workbench.quickInput.answer("Database is down");
    await expect.poll(list, slow).toContainEqual(expect.stringMatching(/^Database is down/));
    await press("Undo Rename");
    await expect.poll(list, slow).not.toContainEqual(expect.stringMatching(/^Database is down/));
    await press("Rename…");
    await workbench.quickInput.answer("Database is down");
    await expect.poll(list, slow).toContainEqual(expect.stringMatching(/^Database is down/));
    await press("Mute…");
    await workbench.quickInput.pick("For a week");
    await expect.poll(async () => (await list()).length, slow).toBe(4);
    await view().getByRole("switch", { name: "Show muted patterns" }).click();
    await expect.poll(async () => (await list()).length, slow).toBe(5);
    await workbench.screenshots("error-patterns-muted");
    await press("Undo Mute");
    await view()
      .getByText(/Muted until/)
      .waitFor({ state: "detached" });
  });

  it("filters, and is as it was left after a reload", async () => {
    const { workbench } = vscode;
    await view().locator("vscode-textfield input").fill("database");
    await expect.poll(async () => (await list()).length, slow).toBe(1);
    await view().locator("vscode-textfield input").fill("nothing like that");
    await view().getByText("No pattern is like that").waitFor();
    await workbench.screenshots("error-patterns-none-like-that");
    await press("Show All");
    await filter("Type").selectOption("TypeError");
    await expect.poll(async () => (await list()).length, slow).toBe(1);
    await filter("Order").selectOption("count");
    await choose("Cannot read properties");
    // Other than the browser's, it lets VS Code save how panels were left.
    await workbench.run("Developer: Reload Window");
    await expect.poll(() => filter("Order").inputValue(), { timeout: 60_000 }).toBe("count");
    await detail().waitFor();
    expect(await list()).toHaveLength(1);
  });

  it("is driven by keys, and keeps focus and place while errors come in", async () => {
    const { workbench } = vscode;
    await view().locator("vscode-textfield input").fill("");
    await filter("Type").selectOption("");
    await expect.poll(async () => (await list()).length, slow).toBe(5);
    await view().getByRole("listbox", { name: "Error patterns" }).focus();
    await workbench.page.keyboard.press("Home");
    await workbench.page.keyboard.press("ArrowDown");
    const chosen = () => view().locator(".row.active").innerText();
    const before = (await chosen()).split("\n")[0];
    const learner = new ErrorPatternLearner(vscode.workspace.path(".proj-intel"));
    learner.recordError(new Error("something new"), { agent: "NewAgent" });
    await expect.poll(async () => (await list()).length, slow).toBe(6);
    expect((await chosen()).split("\n")[0]).toBe(before);
    expect(await view().locator(":focus").getAttribute("role")).toBe("listbox");
  });

  it("exports what the team may share, and imports it again", async () => {
    const { workbench, workspace } = vscode;
    await press("Export patterns…");
    await workbench.quickInput.saveAs(workspace.path("shared.json"), "error_patterns.json");
    await expect.poll(() => workspace.read("shared.json").catch(() => ""), slow).toContain("is full");
    expect(await workspace.read("shared.json")).not.toMatch(/"runs":\["/);
    await workbench.notifications.clear();
    const imported = async (path: string, told: RegExp) => {
      await press("Import patterns…");
      await workbench.quickInput.openFile(workspace.path(path));
      return await workbench.notifications.message(told);
    };
    expect(await imported("shared.json", / 6 unchanged/)).toBe(
      "Error patterns: 0 new, 0 updated, 6 unchanged.",
    );
    await workbench.notifications.clear();
    const [first] = (JSON.parse(await workspace.read("shared.json")) as { patterns: object[] }).patterns;
    const foreign = { ...first, error_signature: "abcdefabcdef", normalised: "brought by a colleague" };
    await workspace.write("theirs.json", JSON.stringify({ version: "1.0.0", patterns: [foreign] }));
    expect(await imported("theirs.json", / 1 new/)).toBe("Error patterns: 1 new, 0 updated, 0 unchanged.");
    await expect.poll(async () => (await list()).join("\n"), slow).toContain("brought by a colleague");
    await workbench.notifications.clear();
    await workspace.write("broken.json", "{");
    expect(await imported("broken.json", /cannot be imported/)).toMatch(
      /broken\.json cannot be imported: it is not complete JSON/,
    );
    await workbench.notifications.clear();
  });

  it("fits into a narrow panel", async () => {
    const { workbench } = vscode;
    const wide = async () =>
      await view()
        .locator("body")
        .evaluate((body) => body.scrollWidth - body.clientWidth);
    await choose("is full");
    await workbench.page.setViewportSize({ width: 760, height: 1000 });
    await expect.poll(wide, slow).toBe(0);
    await workbench.screenshots("error-patterns-narrow");
    expect(await workbench.violations()).toEqual([]);
    await workbench.page.setViewportSize({ width: 1400, height: 1000 });
  });

  it("shows 10,000 patterns, whatever a hostile file says", async () => {
    const { workbench, workspace } = vscode;
    const script = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
    const hostile = Array.from({ length: 10_000 }, (_, at) => ({
      error_signature: at === 0 ? "__proto__" : `s${at}`,
      error_type: at === 1 ? "constructor" : "Error",
      pattern: at % 2 === 0 ? "(a+)+$" : script,
      normalised: `${script} ${at}`,
      title: at === 3 ? script : undefined,
      occurrences: at === 2 ? 1e308 : at,
      last_seen: at === 4 ? "9".repeat(1000) : new Date(at * 1e8).toISOString(),
      first_seen: 1e300,
      frames: [`${script} (../../../etc/passwd)`],
      runs: ["../../../etc/passwd", "0199aaaa-0000-7000-8000-000000000000"],
      days: { "2026-01-01": 1e308, constructor: 5 },
      agents: [script],
      merged_into: at === 5 ? "s6" : at === 6 ? "s5" : undefined,
      solutions: [{ fix: script, code_snippet: script, success_rate: 1e308, action: { type: script } }],
    }));
    await workspace.write(
      ".proj-intel/error_patterns.json",
      JSON.stringify({ version: "1.0.0", patterns: hostile }),
    );
    await expect
      .poll(() => view().getByRole("status").innerText(), slow)
      .toMatch(/(10,000|9,9\d\d) patterns/);
    expect(await options().count()).toBeLessThan(100);
    await options().nth(3).click();
    await detail().waitFor();
    await view().getByRole("listbox", { name: "Error patterns" }).focus();
    await workbench.page.keyboard.press("End");
    await expect.poll(async () => (await list()).length, slow).toBeGreaterThan(5);
    await workbench.screenshots("error-patterns-hostile");
    expect(await view().locator("main img, main script").count()).toBe(0);
    expect(
      await view()
        .locator("html")
        .evaluate(() => document.title),
    ).toBe("Error Patterns");
  });

  it("says what it cannot read, and leaves it alone", async () => {
    const { workbench, workspace } = vscode;
    await workspace.write(".proj-intel/error_patterns.json", " ".repeat(33 * 2 ** 20));
    await view()
      .getByText(/left alone: it is larger than 32 MiB/)
      .waitFor({ timeout: 30_000 });
    await workbench.screenshots("error-patterns-unreadable");
  });

  it("is read in themes of high contrast", async () => {
    const { workbench, workspace } = vscode;
    await workspace.write(".proj-intel/error_patterns.json", await workspace.read("shared.json"));
    await choose("is full");
    for (const [theme, name] of [
      ["Dark High Contrast", "hc-black"],
      ["Light High Contrast", "hc-light"],
    ] as const) {
      await workbench.run("Preferences: Color Theme");
      await workbench.quickInput.pick(theme, theme);
      await workbench.page.locator(`.monaco-workbench.${name}`).waitFor();
      // The page is told of the theme a moment later.
      await expect.poll(() => workbench.violations(), slow).toEqual([]);
      await workbench.screenshot(`error-patterns-${name}`);
    }
  });
});

describe("the Error Patterns panel of several folders", () => {
  const same = JSON.stringify({
    version: "1.0.0",
    patterns: [{ error_signature: "same", error_type: "Error", pattern: "no", normalised: "no tea" }],
  });
  const folders = useVSCode("errorPatternsFolders", {
    files: { ".proj-intel/error_patterns.json": same },
    prepare: async (workspace) => {
      await workspace.write("../stock/.proj-intel/error_patterns.json", same);
      const paths = ["stock", "shop"].map((path) => ({ path }));
      await workspace.write("../all.code-workspace", JSON.stringify({ folders: paths, settings: {} }));
      return workspace.path("../all.code-workspace");
    },
  });

  it("names the folder of each pattern", async () => {
    const { workbench } = folders;
    await workbench.run("Agents: Show Error Patterns");
    const page = workbench.webview();
    const names = page.locator(".row .pattern-folder");
    await expect.poll(async () => (await names.allInnerTexts()).sort(), slow).toEqual(["shop", "stock"]);
    await page.locator(".row").filter({ hasText: "stock" }).click();
    await page.locator(".pattern-detail .facts").getByText("stock", { exact: true }).waitFor();
  });
});
