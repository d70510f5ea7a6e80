import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withMigrationLock } from "../../../src/migration/migrationLock.ts";
import { Project } from "./project.ts";

describe("the lock of a workspace folder", () => {
  test("says of a migration of this process that it is under way", async () => {
    using project = new Project({});
    let end: () => void = () => undefined;
    const first = withMigrationLock(project.root, () => new Promise<void>((resolve) => (end = resolve)));
    await expect.poll(() => existsSync(project.path(".proj-intel/migrations.jsonl.lock"))).toBe(true);
    await expect(withMigrationLock(project.root, () => Promise.resolve())).rejects.toThrow(
      /^A migration is under way in this workspace folder: wait until it has ended, or cancel it/,
    );
    end();
    await first;
    expect(await withMigrationLock(project.root, () => Promise.resolve("again"))).toBe("again");
  });

  test("waits for a short one", async () => {
    using project = new Project({});
    const order: string[] = [];
    const hold = (name: string, ms: number) =>
      withMigrationLock(project.root, async () => {
        order.push(name);
        await new Promise((resolve) => setTimeout(resolve, ms));
      });
    const first = hold("first", 300);
    await expect.poll(() => order).toEqual(["first"]);
    await Promise.all([first, hold("second", 0)]);
    expect(order).toEqual(["first", "second"]);
  });

  test("does not end the process where somebody removes it", async () => {
    using project = new Project({});
    const done = withMigrationLock(project.root, async () => {
      rmSync(project.path(".proj-intel"), { recursive: true });
      // The lock is looked after every five seconds.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      return "done";
    });
    expect(await done).toBe("done");
  }, 20_000);

  test.each([".proj-intel", ".proj-intel/migrations.jsonl", ".proj-intel/migrations.pending.json"])(
    "is not taken where a link of %s leads out",
    async (path) => {
      using outside = new Project({ "migrations.jsonl": "" });
      using project = new Project({});
      if (path !== ".proj-intel") mkdirSync(project.path(".proj-intel"));
      symlinkSync(path === ".proj-intel" ? outside.root : outside.path("not-there"), project.path(path));
      await expect(withMigrationLock(project.root, () => Promise.resolve())).rejects.toThrow(
        /leads out of the workspace folder by a symbolic link: replace the link/,
      );
      expect(outside.tree()).toEqual({ "migrations.jsonl": "" });
    },
  );
});
