import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../vscode/paths.ts";
import { useVSCode } from "./fixture.ts";

const agent = (name: string, body: string, more = "") =>
  `import { existsSync, writeFileSync } from "node:fs";
import { BaseAgent } from "../opsvi-agents/core.mjs";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
export class ${name} extends BaseAgent {
  constructor() {
    super({ name: "${name}", agentType: "${name}" });
    ${more}
  }

  async executeImpl(task, ctx) {
    ${body}
  }
}
`;
const ref = (name: string) => `src/${name}.mjs#${name}`;
const vscode = useVSCode("performance", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "src/QuickAgent.mjs": agent("QuickAgent", "await wait(10);\n    return { at: task.at };"),
    "src/SearchAgent.mjs": agent(
      "SearchAgent",
      'return { found: await this.executeTool("search", { at: task.at }) };',
      'this.registerTool("search", async ({ at }) => { await wait(400); if (at % 3 === 0) throw new Error("no shelf"); return at; });',
    ),
    "src/FlakyAgent.mjs": agent(
      "FlakyAgent",
      'const mark = `mark-${task.at}`;\n    if (!existsSync(mark)) {\n      writeFileSync(mark, "");\n      throw new Error("not yet");\n    }\n    return "done";',
    ),
    "tasks/mixed.jsonl": Array.from({ length: 60 }, (_, at) => {
      const name = (["QuickAgent", "SearchAgent", "QuickAgent"] as const)[at % 3] ?? "";
      return `${JSON.stringify({ agent: ref(name), task: { at: Math.floor(at / 3) } })}\n`;
    }).join(""),
    "tasks/flaky.jsonl": Array.from({ length: 8 }, (_, at) => `{"task":{"at":${at}}}\n`).join(""),
    "tasks/many.jsonl": Array.from({ length: 200 }, (_, at) => `{"task":{"at":${at}}}\n`).join(""),
  },
});
const slow = { timeout: 60_000, interval: 200 };

/** Real runs, of another process. */
function batch(...args: string[]): Promise<number | null> {
  const all = ["batch", ...args, "--workspace", "."];
  const child = spawn(process.execPath, [join(ROOT, "dist/cli.cjs"), ...all], {
    cwd: vscode.workspace.folder,
    stdio: "ignore",
  });
  return new Promise((resolve) => child.on("close", resolve));
}

const page = () => vscode.workbench.webview();
const runs = () => page().locator(".tiles dd.value").first().innerText();

async function table(label: string): Promise<string[][]> {
  return page()
    .getByRole("table", { name: label, exact: true })
    .locator("tbody tr")
    .evaluateAll((found) =>
      found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
    );
}

describe("The performance panel", () => {
  it("says that there is nothing yet, and what would bring something", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Show Performance");
    await page().getByText("No runs yet").waitFor();
    expect(await workbench.violations()).toEqual([]);
    await workbench.screenshots("performance-empty");
    await page().getByRole("button", { name: "Run Task…" }).click();
    await workbench.quickInput.entry("QuickAgent").waitFor();
    await workbench.quickInput.input.press("Escape");
    await workbench.quickInput.hidden();
  });

  it("shows what runs come to, by agent and tool, as they come", async () => {
    expect(await batch("tasks/mixed.jsonl", "--concurrency", "2")).toBe(1);
    await expect.poll(runs, slow).toBe("60");
    const agents = await table("Agents");
    expect(agents.map(([name, count, errors]) => [name, count, errors])).toEqual([
      ["SearchAgent src/SearchAgent.mjs", "20", "35 %"],
      ["QuickAgent src/QuickAgent.mjs", "40", "0 %"],
    ]);
    // Its p50 is that of its tool, most of its time.
    expect(agents[0]?.[3]).toMatch(/^[4-9]\d\d ms$/);
    expect(agents[0]?.[8]).toMatch(/^\d+ MiB$/);
    expect(agents[0]?.[10]).toMatch(/^\d\d %$|^100 %$/);
    const tools = await table("Tools");
    expect(tools.map(([name, calls, failed]) => [name, calls, failed])).toEqual([["search", "20", "7"]]);
    // Each call waits for 400 ms: mean, p50, p95 and p99.
    for (const ms of tools[0]?.slice(5, 9) ?? [])
      expect(ms).toMatch(/^([4-9]\d\d|38\d|39\d) ms$|^1(\.\d)? s$/);
    expect((await table("Batches")).map(([, count, , , peak]) => [count, peak])).toEqual([["60", "2"]]);
  });

  it("suggests what the figures say", async () => {
    const titles = await page().locator(".suggestions strong").allInnerTexts();
    expect(titles).toContain("Make search faster");
    expect(titles).toContain("search fails often");
    const texts = (await page().locator(".suggestions p").allInnerTexts()).join("\n");
    expect(texts).toContain("7 of 20 calls of search failed (35 %), by SearchAgent.");
    expect(await batch("tasks/flaky.jsonl", "--agent", ref("FlakyAgent"), "--retries", "1")).toBe(0);
    await expect.poll(runs, slow).toBe("68");
    expect(await page().locator(".tiles").innerText()).toContain("8 of 8 runs then succeeded");
  });

  it("draws charts, and tells the same in words and tables", async () => {
    const { workbench } = vscode;
    expect(await page().locator(".chart canvas").count()).toBe(8);
    const labels = await page()
      .getByRole("img")
      .evaluateAll((found) => found.map((each) => each.getAttribute("aria-label")));
    expect(labels[0]).toMatch(
      /^Runs per \d+ (s|min)\. 61 succeeded and 7 failed, at most \d+ in \d+ (s|min)\.$/,
    );
    expect(labels[2]).toContain("10 % in all");
    // Drawn: some pixel of the canvas has a colour.
    const drawn = await page()
      .locator(".chart canvas")
      .evaluateAll((found) =>
        found.map((each) => {
          const canvas = each as unknown as {
            width: number;
            height: number;
            getContext(kind: "2d"): { getImageData(...box: number[]): { data: number[] } };
          };
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value) => value > 0);
        }),
      );
    expect(drawn).toEqual(Array(8).fill(true));
    await workbench.screenshots("performance");
    const summary = page().locator(".chart summary").first();
    await summary.focus();
    await workbench.page.keyboard.press("Enter");
    await expect
      .poll(() => page().locator(".chart").first().locator("tbody tr").allInnerTexts(), slow)
      .not.toEqual([]);
    expect(await workbench.violations()).toEqual([]);
    await workbench.page.keyboard.press("Enter");
  });

  it("sorts its tables, opens the class of a row, and shows one agent alone", async () => {
    const { workbench } = vscode;
    await page()
      .getByRole("table", { name: "Agents", exact: true })
      .getByRole("button", { name: "Runs" })
      .click();
    await expect
      .poll(async () => (await table("Agents")).map(([, count]) => count), slow)
      .toEqual(["40", "20", "8"]);
    await page().locator("tr.opens").first().focus();
    await workbench.page.keyboard.press("Enter");
    await workbench.page.locator('.tab.active[data-resource-name="QuickAgent.mjs"]').waitFor();
    await workbench.run("View: Close Editor");
    await page().getByRole("combobox", { name: "Agent" }).selectOption({ label: "SearchAgent" });
    await expect.poll(runs, slow).toBe("20");
    expect((await table("Agents")).map(([, count]) => count)).toEqual(["20"]);
  });

  it("is as it was after a reload", async () => {
    const { workbench } = vscode;
    // Other than the browser's, it lets VS Code save how panels were left.
    await workbench.run("Developer: Reload Window");
    await workbench.page.locator(".tab", { hasText: "Performance" }).click({ timeout: 60_000 });
    await expect.poll(runs, slow).toBe("20");
    await page().getByRole("combobox", { name: "Agent" }).selectOption({ label: "All agents" });
    await page().getByRole("combobox", { name: "Time" }).selectOption({ label: "Last hour" });
    await expect.poll(runs, slow).toBe("68");
    expect((await table("Agents")).map(([, count]) => count)).toEqual(["40", "20", "8"]);
  });

  it("exports its figures for spreadsheets and programs", async () => {
    const { workbench, workspace } = vscode;
    await page().getByRole("button", { name: "Export CSV" }).click();
    await workbench.quickInput.saveAs(workspace.path("figures.csv"), "performance.csv");
    await expect.poll(() => workspace.read("figures.csv").catch(() => ""), slow).toContain("SearchAgent");
    const lines = (await workspace.read("figures.csv")).split("\r\n");
    expect(lines[0]).toMatch(/^kind,name,runs or calls,succeeded,failed,/);
    expect(lines.find((line) => line.startsWith("tool,"))).toMatch(
      /^tool,search,20,.*,0\.35,,(,\d+(\.\d)?){4},,/,
    );
    expect(lines[1]).toMatch(/^all,,68,61,7,0,0,0\.1029,8,0,/);
    await workbench.notifications.clear();
    await page().getByRole("button", { name: "Export JSON" }).click();
    await workbench.quickInput.saveAs(workspace.path("figures.json"), "performance.json");
    await expect.poll(() => workspace.read("figures.json").catch(() => ""), slow).toContain('"total"');
    expect(JSON.parse(await workspace.read("figures.json"))).toMatchObject({
      total: { runs: 68, retries: 8 },
      tools: [{ name: "search", duration: { p50Ms: expect.closeTo(430, -2) as number } }],
    });
    await workbench.notifications.clear();
  });

  it("follows many runs without drawing itself anew", async () => {
    await page()
      .locator("body")
      .evaluate((body) => {
        for (const each of body.querySelectorAll("canvas, table")) each.setAttribute("data-kept", "yes");
      });
    const kept = page().locator("[data-kept]");
    const before = await kept.count();
    const seen = new Set<string>();
    const ended = batch("tasks/many.jsonl", "--agent", ref("QuickAgent"), "--share-threads");
    const state = { done: false };
    void ended.then(() => (state.done = true));
    while (!state.done) {
      seen.add(await runs());
      await vscode.workbench.page.waitForTimeout(200);
    }
    await expect.poll(runs, slow).toBe("268");
    // More than before and after: it went along.
    expect(seen.size).toBeGreaterThan(1);
    expect(await kept.count()).toBe(before);
  });

  it("fits into a narrow panel, and into a theme of high contrast", async () => {
    const { workbench } = vscode;
    await workbench.page.setViewportSize({ width: 800, height: 1000 });
    await workbench.screenshots("performance-narrow");
    const wide = await page()
      .locator("body")
      .evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(wide).toBe(0);
    expect(await workbench.violations()).toEqual([]);
    await workbench.page.setViewportSize({ width: 1400, height: 1000 });
    await workbench.run("Preferences: Color Theme");
    await workbench.quickInput.pick("Dark High Contrast", "Dark High Contrast");
    await workbench.page.locator(".monaco-workbench.hc-black").waitFor();
    // The page is told of the theme a moment later.
    await expect.poll(() => workbench.violations(), slow).toEqual([]);
    await workbench.screenshot("performance-contrast");
  });
});
