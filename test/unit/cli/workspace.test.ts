import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTarget } from "../../../src/cli/workspace.ts";
import { UserError } from "../../../src/model/userError.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "workspace-")));
  await mkdir(join(root, "one/src"), { recursive: true });
  await writeFile(join(root, "one/src/a#b.ts"), "");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const find = (workspace?: string) => findTarget(`${join(root, "one/src/a#b.ts")}#Agent`, workspace);

test("finds the nearest folder with package.json or .proj-intel", async () => {
  await mkdir(join(root, ".proj-intel"));
  expect(find()).toEqual({
    root,
    file: join(root, "one/src/a#b.ts"),
    file_path: "one/src/a#b.ts",
    name: "Agent",
  });
  await writeFile(join(root, "one/package.json"), "{}");
  expect(find()).toMatchObject({ root: join(root, "one"), file_path: "src/a#b.ts" });
});

test("takes the named workspace, also where the file lies outside it", async () => {
  await mkdir(join(root, "two"));
  expect(find(join(root, "two"))).toMatchObject({ root: join(root, "two"), file_path: "../one/src/a#b.ts" });
  expect(() => find(join(root, "none"))).toThrow(UserError);
});
