import { expect, test } from "vitest";
import { hostEnvironment } from "../../../src/runs/hostEnvironment.ts";

test("keeps the user's variables and switches colours off", () => {
  const env = { PATH: "/bin", NODE_OPTIONS: "--max-old-space-size=4096", FORCE_COLOR: "3", NO_COLOR: "1" };
  expect(hostEnvironment(env, {})).toEqual({
    PATH: "/bin",
    NODE_OPTIONS: "--max-old-space-size=4096",
    FORCE_COLOR: "0",
  });
});

test("leaves out what VS Code set for its own processes, its NODE_OPTIONS among it", () => {
  const env = {
    HOME: "/home/ada",
    VSCODE_PID: "1",
    VSCODE_INSPECTOR_OPTIONS: "{}",
    ELECTRON_RUN_AS_NODE: "1",
    NODE_OPTIONS: "--require /vscode/bootloader.js",
  };
  expect(hostEnvironment(env, {})).toEqual({ HOME: "/home/ada", FORCE_COLOR: "0" });
});

test("lets VS Code's own executable run as Node", () => {
  expect(hostEnvironment({ ELECTRON_RUN_AS_NODE: "0" }, { ELECTRON_RUN_AS_NODE: "1" })).toMatchObject({
    ELECTRON_RUN_AS_NODE: "1",
  });
});
