import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildProbe } from "../vscode/probe.ts";
import { useVSCode } from "./fixture.ts";

const agent = `export class KeyAgent {
  key: string;

  constructor(key: string) {
    this.key = key;
  }

  execute(task: string) {
    console.log("for " + task + " the key is " + this.key);
    return { key: this.key, length: this.key.length };
  }
}
`;
const setup = `import { KeyAgent } from "./src/keyAgent.ts";

export default { KeyAgent: () => new KeyAgent(process.env.SHOP_KEY ?? "none") };
`;
const vscode = useVSCode("secrets", {
  beside: buildProbe,
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/keyAgent.ts": agent,
    "agents.setup.ts": setup,
    ".proj-intel/mcp.json": '{ "agents": ["src/keyAgent.ts#KeyAgent"] }',
    ".vscode/settings.json": '{ "opsviAgents.env": { "CITY": "Lima" } }',
  },
});
const slow = { timeout: 60_000, interval: 200 };
const SECRET = "swordfish-4711";

/** Files below a folder that hold the secret. */
function holders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => readFileSync(path).includes(SECRET));
}

/** Where VS Code keeps what it remembers; those of other tests run beside this one. */
const vscodeData = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith("opsvi-vscode-"))
    .map((name) => join(tmpdir(), name, "data"))
    .filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);

/** What the MCP servers of a folder were started with, as their processes tell. */
function surroundingsOfServers(folder: string): unknown[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && told(name, "cmdline").includes(`\0mcp\0${folder}\0`))
    .map((pid) => /OPSVI_AGENTS_SURROUNDINGS=([^\0]*)/.exec(told(pid, "environ"))?.[1])
    .map((text): unknown => JSON.parse(text ?? "null"));
}

/** A process may end meanwhile. */
function told(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}

/** Runs the agent, and answers with its result as the user sees it. */
async function result(): Promise<string> {
  const { workbench } = vscode;
  await workbench.run("View: Close All Editors");
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick("KeyAgent");
  // The setup file makes the agent, so that nothing but the task is asked.
  await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run KeyAgent: task");
  await workbench.quickInput.answer("today");
  await workbench.notifications.press(/KeyAgent finished in/, "Show Result");
  await expect.poll(() => workbench.editor.tab(), slow).toBe("KeyAgent result.json");
  const text = (await workbench.editor.lines()).join("\n");
  await workbench.notifications.clear();
  return text;
}

it("A secret is set in a box that hides it, reaches the agent, and stands in clear nowhere", async () => {
  const { workbench, workspace } = vscode;
  const { quickInput } = workbench;
  await workbench.run("Agents: Set Secret…");
  await quickInput.type("1KEY");
  await expect.poll(() => quickInput.message(), slow).toContain("begins with no digit");
  await quickInput.answer("SHOP_KEY");
  await expect.poll(() => quickInput.title(), slow).toBe("Set Secret (2/2): value of SHOP_KEY");
  expect(await quickInput.input.getAttribute("type")).toBe("password");
  await quickInput.type("ab");
  await expect.poll(() => quickInput.message(), slow).toContain("A secret has at least");
  await quickInput.answer(SECRET);
  await workbench.notifications.message("Runs in shop get SHOP_KEY from now on.");
  const shown = await result();
  expect(shown).toContain(`"length": ${SECRET.length}`);
  expect(shown).not.toContain(SECRET);
  await (await workbench.runs()).open("KeyAgent");
  await expect
    .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
    .toContain("for today the key is");
  expect((await workbench.editor.lines()).join("\n")).not.toContain(SECRET);
  expect([workspace.folder, ...vscodeData()].flatMap(holders)).toEqual([]);
  await workbench.run("Problems: Focus on Problems View");
});

it("The MCP server that VS Code starts is given them, and the settings, and neither keeps them", async () => {
  const { workbench, workspace } = vscode;
  await workbench.run("Probe: Start MCP Servers");
  expect(await workbench.dialog.text()).toContain("src/keyAgent.ts#KeyAgent");
  await workbench.dialog.press("Yes");
  await expect
    .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
    .toContain(`"length\\": ${SECRET.length}`);
  expect(surroundingsOfServers(workspace.folder)).toEqual([
    { env: { CITY: "Lima", SHOP_KEY: SECRET }, secrets: ["SHOP_KEY"] },
  ]);
  expect((await workbench.editor.lines()).join("\n")).not.toContain(SECRET);
  await workbench.run("File: Save All");
  expect([workspace.folder, ...vscodeData()].flatMap(holders)).toEqual([]);
});

it("Secrets are listed by name only where one is removed, and no longer given then", async () => {
  const { workbench } = vscode;
  await workbench.run("Agents: Remove Secret…");
  await expect.poll(() => workbench.quickInput.picks(), slow).toEqual(["SHOP_KEY"]);
  await workbench.quickInput.pick("SHOP_KEY");
  await workbench.notifications.message("SHOP_KEY is removed from shop.");
  expect(await result()).toContain('"key": "none"');
  await workbench.run("Agents: Remove Secret…");
  await workbench.notifications.message("No secrets are set for shop: Agents: Set Secret… sets one.");
});
