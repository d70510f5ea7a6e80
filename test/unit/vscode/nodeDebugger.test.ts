import { expect, it } from "vitest";
import { refuseWithoutDebugger } from "../../../src/vscode/debug/nodeDebugger.ts";

const extension = (...types: string[]) => ({
  packageJSON: { name: "x", contributes: { debuggers: types.map((type) => ({ type, label: type })) } },
});

it("Debugging needs the debugger for Node that comes with VS Code, and says how to get it back", () => {
  expect(() =>
    refuseWithoutDebugger([{ packageJSON: {} }, extension("pwa-chrome", "pwa-node")]),
  ).not.toThrow();
  for (const extensions of [[], [{ packageJSON: undefined }, { packageJSON: {} }, extension("python")]])
    expect(() => refuseWithoutDebugger(extensions)).toThrow(
      "There is no debugger for Node.js in this VS Code: enable its built-in extension JavaScript Debugger (ms-vscode.js-debug), or choose Run Task….",
    );
});
