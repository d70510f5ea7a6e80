import { rename } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("tree");

const settled = { timeout: 20_000, interval: 200 };

async function labels(): Promise<string[]> {
  const tree = await vscode.workbench.agents();
  return (await tree.picture()).map((line) => line.replace(/^[▾▸] /, "").replace(/ {2}.*$/, ""));
}

describe("the Agents view", () => {
  it("lists every agent class the examples' README names, and none of the impostors", async () => {
    const readme = await vscode.workspace.read("README.md");
    const named = [...readme.matchAll(/^\| (\w+) \| `src\//gm)].map(([, name]) =>
      name === "default" ? "default export" : name,
    );
    expect(named.length).toBeGreaterThanOrEqual(12);
    await expect.poll(labels, settled).toEqual(expect.arrayContaining(named));
    for (const impostor of ["AgentError", "AgentConfig", "AgentRegistry", "HttpsProxyAgent"])
      expect(await labels()).not.toContain(impostor);
  });

  it("shows the capabilities of an agent with the method that proves each, and its base classes", async () => {
    const tree = await vscode.workbench.agents();
    const research = await vscode.workspace.read("src/research/researchAgent.ts");
    await tree.expand("ResearchAgent");
    await expect
      .poll(() => tree.pictureOf("ResearchAgent"))
      .toEqual([
        "▾ ResearchAgent  src/research/researchAgent.ts",
        `  task_execution  executeTask · line ${lineOf(research, "executeTask(")}`,
        "  tool_usage  registerTool · inherited from ToolAgent",
        "  ToolAgent  extends · src/core/toolAgent.ts",
      ]);
    await tree.expand("InvoiceAgent");
    await vscode.workbench.screenshots("agents-view");
  });

  it("leads to the line of a class, of an inherited method, and of a base class", async () => {
    const { workbench, workspace } = vscode;
    const tree = await workbench.agents();
    const place = async () => [await workbench.editor.tab(), await workbench.editor.line()];

    await tree.open("ResearchAgent");
    const research = await workspace.read("src/research/researchAgent.ts");
    await expect.poll(place).toEqual(["researchAgent.ts", lineOf(research, "class ResearchAgent")]);

    await tree.open("tool_usage");
    const tools = await workspace.read("src/core/toolAgent.ts");
    await expect.poll(place).toEqual(["toolAgent.ts", lineOf(tools, "registerTool(")]);

    await tree.expand("InvoiceAgent");
    await tree.openBelow("InvoiceAgent", "WorkflowAgent");
    const workflow = await workspace.read("src/core/workflowAgent.ts");
    await expect.poll(place).toEqual(["workflowAgent.ts", lineOf(workflow, "class WorkflowAgent")]);
  });

  it("follows a class that is added, edited without saving, and deleted", async () => {
    const { workbench, workspace } = vscode;
    const tree = await workbench.agents();
    await workspace.write(
      "src/support/parcelAgent.ts",
      "export class ParcelAgent {\n  async execute(task: string) {\n    return task;\n  }\n}\n",
    );
    await expect.poll(labels, settled).toContain("ParcelAgent");
    await tree.expand("ParcelAgent");
    const picture = () => tree.pictureOf("ParcelAgent");
    const row = "▾ ParcelAgent  src/support/parcelAgent.ts";
    await expect.poll(picture, settled).toEqual([row, "  task_execution  execute · line 2"]);

    await workbench.openFile("src/support/parcelAgent.ts");
    await workbench.editor.type("\n");
    await expect.poll(() => workbench.editor.tab()).toBe("parcelAgent.ts*");
    await expect.poll(picture, settled).toEqual([row, "  task_execution  execute · line 3"]);
    await workbench.editor.undo();
    await expect.poll(picture, settled).toEqual([row, "  task_execution  execute · line 2"]);

    await workspace.remove("src/support/parcelAgent.ts");
    await expect.poll(labels, settled).not.toContain("ParcelAgent");
  });

  it("follows a folder that is renamed and deleted, whatever its name", async () => {
    const { workbench, workspace } = vscode;
    const tree = await workbench.agents();
    await workspace.write("src/drones/droneAgent.ts", "export class DroneAgent {\n  execute() {}\n}\n");
    await expect.poll(labels, settled).toContain("DroneAgent");
    await rename(workspace.path("src/drones"), workspace.path("src/drones.v2"));
    const moved = "▸ DroneAgent  src/drones.v2/droneAgent.ts";
    await expect.poll(() => tree.pictureOf("DroneAgent"), settled).toEqual([moved]);
    await workspace.remove("src/drones.v2");
    await expect.poll(labels, settled).not.toContain("DroneAgent");
  });
});
