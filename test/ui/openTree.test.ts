import { expect, it } from "vitest";
import { buildProbe } from "../vscode/probe.ts";
import { useVSCode } from "./fixture.ts";
import { Tree } from "./workbench/tree.ts";

const vscode = useVSCode("openTree", { beside: buildProbe, files: { "package.json": "{}" } });

it("a tree that was refreshed while VS Code was given its rows goes on showing what changes in them", async () => {
  const { workbench } = vscode;
  await workbench.run("Probe: Show Rows");
  const tree = new Tree(workbench.page.locator(".pane", { hasText: "Rows" }).last());
  const slow = { timeout: 20_000, interval: 200 };
  await expect.poll(() => tree.picture(), slow).toEqual(["second"]);
});
