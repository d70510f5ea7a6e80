import { execFileSync } from "node:child_process";
import { mkdir, readdir, symlink, truncate } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { sealedCheckpoint } from "../host/sealedCheckpoint.ts";
import { buildProbe } from "../vscode/probe.ts";
import { useVSCode } from "./fixture.ts";
import { Rows } from "./workbench/rows.ts";

const vscode = useVSCode("checkpoints-hostile", { files: { "package.json": "{}" }, beside: buildProbe });
const slow = { timeout: 30_000, interval: 200 };
const page = () => vscode.workbench.webview();
const rows = () => new Rows(page(), "Checkpoints");
const detail = () => page().getByRole("region", { name: /^Checkpoint/ });
const folder = ".proj-intel/checkpoints";
const script = `<img src=x onerror="document.title='owned';alert(1)"><script>document.title='owned'</script>`;

let made = 0;
/** Older than what is kept. */
async function forge(fields: Record<string, string>, agent = "B", ending = ""): Promise<string> {
  const id = `0193b5a0-0000-7000-8000-${String((made += 1)).padStart(12, "0")}`;
  const path = `${folder}/${agent}/${id}.json`;
  await vscode.workspace.write(path, `${sealedCheckpoint(id, fields)}${ending}`);
  return vscode.workspace.path(path);
}

/** What a repository may bring along. */
async function bring(): Promise<void> {
  const { workspace } = vscode;
  const label = JSON.stringify(script);
  await forge({ label, agent: label, agentType: label, runId: label });
  await forge({
    label: '"\\u202egnp.exe\\u0000\\n\\u001b[2J"',
    agent: '"../../evil"',
    runId: '"../../etc/passwd"',
  });
  await forge({ label: '"loops"', parentId: '"0193b5a0-0000-7000-8000-000000000003"' });
  await forge({ label: '"numbers"', timestamp: "1e400", redactions: "-0", stateVersion: "9".repeat(400) });
  await forge({ label: '"beginnings"', agent: `"${"n".repeat(990)}"`, runId: `"${"r".repeat(50_000)}"` });
  const prototype = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${label}:${label}}`;
  await forge({ label: '"prototypes"', context: prototype, task: prototype });
  await forge({ label: '"strange"', context: '{"x":{"$type":"bigint","value":{"toString":1}}}' });
  await truncate(await forge({ label: '"large"' }, "B", " "), 200 * 2 ** 20);
  await workspace.write(`${folder}/C/index.jsonl`, '{"schemaVersion":1,"id":"');
  await truncate(workspace.path(`${folder}/C/index.jsonl`), 200 * 2 ** 20);
  await forge({ label: '"beside a large index"' }, "C");
  await mkdir(workspace.path(`${folder}/\u202egnp`));
  await mkdir(workspace.path(`${folder}/${"n".repeat(255)}`));
  const pipes = [`${folder}/B/0193b5a0-0000-7000-8000-999999999999.json`, `${folder}/D`].map((path) =>
    workspace.path(path),
  );
  execFileSync("mkfifo", pipes);
  await symlink("/etc", workspace.path(`${folder}/Linked`), "dir");
}

describe("checkpoints that somebody else has written", () => {
  it("are shown as texts beside all others, and nothing of them is executed", async () => {
    const { workbench, workspace } = vscode;
    const said: string[] = [];
    workbench.page.on("console", (message) => void said.push(message.text()));
    workbench.page.on("dialog", (dialog) => {
      said.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    const store = new FileCheckpointStore(workspace.path(folder));
    const draft = {
      agent: "Kept",
      agentType: "custom",
      state: "ready",
      task: null,
      parentId: null,
      runId: null,
    } as const;
    store.save({ ...draft, label: "before", context: { n: 1 } });
    store.save({ ...draft, label: "kept", context: { n: 2 } });
    await bring();
    await workbench.run("Agents: Show Checkpoints");
    await page().getByRole("switch", { name: "Branches" }).click();
    await expect.poll(() => rows().texts(), slow).toHaveLength(11);
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).toMatch(/beside a large index/);
    const [first] = await rows().texts();
    expect(first).toMatch(/^kept Kept ready/);
    // Of what cannot be read the label is not known either: all are opened, by their places.
    for (let place = 0; place < 11; place += 1) {
      await page().locator(`.rows[aria-label="Checkpoints"] .row[data-index="${place}"]`).click();
      await page().locator("section.detail").waitFor();
      await page().locator(".detail-facts, .problem").first().waitFor();
    }
    expect((await rows().texts()).filter((text) => text.includes("unreadable"))).not.toEqual([]);
    await rows().row("prototypes").click({ timeout: 15_000 });
    const state = new Rows(page(), "State");
    await expect
      .poll(async () => (await state.texts()).join("\n"), slow)
      .toMatch(/__proto__ \{1\}.*constructor \{1\}/s);
    await workbench.screenshots("checkpoints-hostile");
    expect(await workbench.violations()).toEqual([]);
    expect(await page().locator("main img, main script").count()).toBe(0);
    const title = () =>
      page()
        .locator("html")
        .evaluate((html) => html.ownerDocument.title);
    expect(await title()).toBe("Checkpoints");
    // Screenshots are taken with a style of their own.
    expect(
      said.filter(
        (text) =>
          /^dialog|owned/.test(text) || (text.includes("Security Policy") && !text.includes("style-src")),
      ),
    ).toEqual([]);
    expect(await readdir(workspace.path("."))).not.toContain("evil");
  });

  it("go on being told, and restored, once the thread that reads them has died", async () => {
    const { workbench } = vscode;
    await rows().row("before").click();
    await page().getByRole("heading", { name: "before" }).waitFor();
    await workbench.run("Probe: End the Thread That Restores");
    await workbench.notifications.message("It will end.");
    await workbench.notifications.clear();
    const restore = detail().getByRole("button", { name: "Restore", exact: true });
    await restore.click();
    expect(await workbench.notifications.message(/Reading checkpoints/)).toMatch(
      /^Reading checkpoints stopped \(exit code \d+\)\. Try again: it starts anew\.$/,
    );
    await workbench.screenshot("checkpoints-thread-died");
    await workbench.notifications.clear();
    await restore.click();
    await workbench.notifications.message(/Restored/);
    await expect.poll(() => rows().texts(), slow).toHaveLength(12);
    expect((await rows().texts())[0]).toMatch(/^restored Kept ready/);
    await workbench.notifications.clear();
  });

  it("fit into a column of 300 pixels", async () => {
    const { workbench } = vscode;
    await workbench.run("View: Toggle Primary Side Bar Visibility");
    await workbench.page.setViewportSize({ width: 358, height: 1000 });
    const width = () =>
      page()
        .locator("body")
        .evaluate((body) => [body.clientWidth, body.scrollWidth - body.clientWidth]);
    await expect.poll(width, slow).toEqual([300, 0]);
    await rows()
      .row(/^\s*kept/)
      .click();
    await page().getByRole("heading", { name: "kept" }).waitFor();
    await workbench.screenshots("checkpoints-300");
    expect(await workbench.violations()).toEqual([]);
    await page().getByRole("switch", { name: "Branches" }).click();
    await expect.poll(async () => (await rows().texts())[0], slow).toMatch(/^Kept 3 checkpoints/);
    await page().getByRole("button", { name: "Prune…" }).click();
    await page().getByLabel("At most").first().fill("1");
    await page().getByRole("button", { name: "Show What Would Go" }).click();
    await page().getByText("match their hash and restore").waitFor();
    await workbench.screenshots("checkpoints-300-prune");
    expect(await workbench.violations()).toEqual([]);
    expect(await width()).toEqual([300, 0]);
    await page().getByRole("button", { name: "Close" }).click();
    await workbench.page.setViewportSize({ width: 1400, height: 1000 });
  });

  it.each([
    ["Dark High Contrast", "hc-black"],
    ["Light High Contrast", "hc-light"],
  ])("can be read in %s", async (theme, name) => {
    const { workbench } = vscode;
    await workbench.run("Preferences: Color Theme");
    await workbench.quickInput.pick(theme, theme);
    await workbench.page.locator(`.monaco-workbench.${name}`).waitFor();
    await rows()
      .row(/^\s*kept/)
      .click();
    await page().getByRole("heading", { name: "kept" }).waitFor();
    // The page is told of the theme a moment later.
    await expect.poll(() => workbench.violations(), slow).toEqual([]);
    await workbench.screenshot(`checkpoints-${name}`);
    await page().getByRole("button", { name: "Prune…" }).click();
    await page().getByLabel("At most").first().fill("2");
    await page().getByRole("button", { name: "Show What Would Go" }).click();
    await page().getByText("match their hash and restore").waitFor();
    expect(await workbench.violations()).toEqual([]);
    await workbench.screenshot(`checkpoints-prune-${name}`);
    await page().getByRole("button", { name: "Close" }).click();
  });
});
