import { chmod, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../../src/model/userError.ts";
import { findNode, isSupported } from "../../../src/runs/nodeBinary.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "node-binary-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that answers like a Node of the given version. */
async function fakeNode(name: string, answer: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '${answer}'\n`);
  await chmod(path, 0o755);
  return path;
}

describe.skipIf(process.platform === "win32")("finding Node", () => {
  test("takes the setting before PATH", async () => {
    const env = { PATH: join(folder, "nothing-here") };
    const node = await findNode({ setting: process.execPath, env });
    expect(node).toEqual({ path: process.execPath, version: process.versions.node, env: {} });
  });

  test("takes the first node on PATH and asks it where it really is", async () => {
    await symlink(process.execPath, join(folder, "node"));
    const env = { PATH: ["/does/not/exist", "", folder].join(delimiter) };
    const node = await findNode({ env });
    expect(node.version).toBe(process.versions.node);
    expect(await realpath(node.path)).toBe(await realpath(process.execPath));
  });

  test("takes the fallback where PATH has none, and lets only it run as Node", async () => {
    const node = await findNode({ fallback: process.execPath, env: { PATH: folder } });
    expect(node).toMatchObject({ path: process.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } });
  });

  test("says what to do where there is none", async () => {
    const finding = findNode({ env: { PATH: folder } });
    await expect(finding).rejects.toThrow(UserError);
    await expect(finding).rejects.toThrow(
      "No Node.js was found on PATH: install Node 20.19 or newer, or name it in the setting opsviAgents.nodePath.",
    );
  });

  test("refuses an old Node and names the setting", async () => {
    const path = await fakeNode("node", '["/old/node","18.20.4"]');
    await expect(findNode({ env: { PATH: folder } })).rejects.toThrow(
      `On PATH is Node 18.20.4 (${path}), but agents need 20.19 or newer: name a newer one in the setting opsviAgents.nodePath.`,
    );
  });

  test("refuses a setting that is no Node, or names nothing", async () => {
    const path = await fakeNode("liar", "hello");
    await expect(findNode({ setting: path })).rejects.toThrow(
      `The setting opsviAgents.nodePath names ${path}, which cannot be run as Node.js`,
    );
    await expect(findNode({ setting: join(folder, "none") })).rejects.toThrow(UserError);
    await expect(findNode({ setting: "node99", env: { PATH: folder } })).rejects.toThrow(
      "There is no node99",
    );
  });
});

test.each([
  ["20.18.3", false],
  ["20.19.0", true],
  ["22.1.0", true],
  ["18.20.4", false],
  ["24.0.0-nightly", true],
])("Node %s: supported %s", (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});
