import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { MemoryStore } from "../../src/runtime/index.ts";
import { useVSCode } from "./fixture.ts";

const vscode = useVSCode("memory", {
  files: { "package.json": '{ "name": "shop", "private": true }', "src/a.ts": "export {};\n" },
});
const slow = { timeout: 40_000, interval: 200 };
const store = () => new MemoryStore({ folder: vscode.workspace.path(".proj-intel/memory") });

/** Rows without what differs from run to run. */
const picture = async () =>
  (await (await vscode.workbench.memory()).picture()).map((row) => row.replace(/in \d+ (min|h)/, "in TIME"));

describe("The Memory view", () => {
  it("says what would be there", async () => {
    const view = await vscode.workbench.memory();
    await view.welcome().getByText("No agent remembers anything here yet").waitFor();
  });

  it("shows what agents remember, as soon as they do", async () => {
    const { workbench } = vscode;
    const guide = store().of("guide");
    guide.set("city", { name: "Bern", visits: 2 });
    guide.set("weather", "snow", { ttlMs: 40 * 60_000, tags: ["today"] });
    guide.set("trip.1", "Bern to Thun", { namespace: "log" });
    guide.grant({ to: "planner", namespace: "log", keyPrefix: "trip." });
    store().of("helper").set("asked", 3);
    await expect
      .poll(picture, slow)
      .toEqual([
        "▾ guide",
        "  ▸ default  2 values",
        "  ▸ log  1 value, 1 grant",
        "▾ helper",
        "  ▸ default  1 value",
      ]);
    const view = await workbench.memory();
    await view.expand("log");
    await view.expand("default");
    await expect
      .poll(picture, slow)
      .toEqual([
        "▾ guide",
        "  ▾ default  2 values",
        '    city  {"name":"Bern","visits":2}',
        '    weather  "snow" · expires in TIME · today',
        "  ▾ log  1 value, 1 grant",
        '    planner  may read keys that begin with "trip."',
        '    trip.1  "Bern to Thun"',
        "▾ helper",
        "  ▸ default  1 value",
      ]);
    await workbench.screenshots("memory");
  });

  it("opens a value in an editor, which stores what is saved there", async () => {
    const { workbench } = vscode;
    const view = await workbench.memory();
    await view.open("city");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("city.json");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"name": "Bern"');
    await workbench.editor.focus();
    await workbench.page.keyboard.press("Control+a");
    await workbench.editor.type('{"name": "Thun", "api_key": "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}');
    // What the editor closed by itself.
    await workbench.page.keyboard.press("Control+Shift+End");
    await workbench.page.keyboard.press("Delete");
    await workbench.editor.save();
    await expect.poll(() => store().of("guide").get("city"), slow).toMatchObject({ name: "Thun" });
    expect(JSON.stringify(store().of("guide").get("city"))).not.toContain("sk-aaa");
    expect(await workbench.notifications.message("What looks like a secret")).toContain(
      'What looks like a secret is not kept: 1 value of city became "[redacted]".',
    );
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"[redacted]"');
    await workbench.notifications.clear();
  });

  it("does not store what is no JSON, and shows what others store", async () => {
    const { workbench } = vscode;
    store().of("guide").set("city", "Biel");
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"Biel"');
    await workbench.editor.focus();
    await workbench.page.keyboard.press("Control+End");
    await workbench.editor.type("oops");
    await workbench.editor.save();
    expect(await workbench.notifications.message("Failed to save")).toContain("Not JSON: unexpected");
    expect(store().of("guide").get("city")).toBe("Biel");
    await workbench.notifications.clear();
    await workbench.run("File: Revert File");
    await workbench.run("View: Close All Editors");
  });

  it("forgets a value, all of a namespace, and a grant, and takes that back", async () => {
    const { workbench } = vscode;
    const view = await workbench.memory();
    const guide = store().of("guide");
    const shown = (row: string) => expect.poll(picture, slow).toContainEqual(expect.stringContaining(row));
    await view.chooseFromMenu("weather", "Forget");
    await expect.poll(() => guide.has("weather"), slow).toBe(false);
    await workbench.notifications.press('guide forgot "weather".', "Undo");
    await expect.poll(() => guide.entry("weather")?.tags, slow).toEqual(["today"]);
    await shown("weather  ");
    await view.chooseFromMenu("planner", "Revoke");
    await expect.poll(() => guide.grants(), slow).toEqual([]);
    await workbench.notifications.press("planner no longer may read", "Undo");
    await expect.poll(() => guide.grants().length, slow).toBe(1);
    await shown("planner  ");
    await view.chooseFromMenu("log", "Forget All Values…");
    expect(await workbench.dialog.text()).toContain('Forget the 1 value in namespace "log" of guide?');
    await workbench.dialog.press("Forget");
    await expect.poll(() => guide.keys({ namespace: "log" }), slow).toEqual([]);
    expect(guide.grants().length).toBe(1);
    await workbench.notifications.press("forgot 1 value", "Undo");
    await expect.poll(() => guide.keys({ namespace: "log" }), slow).toEqual(["trip.1"]);
  });

  it("adds a value to a namespace, which can be undone, and to a new namespace of an agent", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    const guide = store().of("guide");
    const view = await workbench.memory();
    // A row that is about to move opens the menu of another one.
    const trips = async () => (await picture()).filter((row) => row.includes("trip."));
    const one = [expect.stringContaining("may read"), expect.stringContaining("Bern to Thun")];
    await expect.poll(trips, slow).toEqual(one);
    await view.chooseFromMenu("log", "Add to Memory…");
    await quickInput.type("trip.1");
    await expect
      .poll(() => quickInput.message(), slow)
      .toContain('guide remembers "trip.1" already: open it in the Memory view to change it.');
    await quickInput.answer("trip.2");
    await expect.poll(() => quickInput.message(), slow).toContain("The value as JSON");
    await quickInput.type("{oops}");
    await expect.poll(() => quickInput.message(), slow).toContain("Not JSON: unexpected");
    await quickInput.answer('{"to": "Spiez"}');
    await expect.poll(() => guide.get("trip.2", { namespace: "log" }), slow).toEqual({ to: "Spiez" });
    await expect.poll(async () => (await trips()).length, slow).toBe(3);
    await workbench.notifications.press('guide remembers "trip.2".', "Undo");
    await expect.poll(() => guide.keys({ namespace: "log" }), slow).toEqual(["trip.1"]);
    await expect.poll(trips, slow).toEqual(one);
    await view.chooseFromMenu("helper", "Add to Memory…");
    await quickInput.answer("places");
    await expect.poll(() => quickInput.message(), slow).toContain("The key in namespace");
    await quickInput.answer("home");
    await expect.poll(() => quickInput.message(), slow).toContain("The value as JSON");
    await quickInput.answer('"Bern"');
    await expect.poll(() => store().of("helper").get("home", { namespace: "places" }), slow).toBe("Bern");
    await workbench.notifications.clear();
  });

  it("gives one note for a file that is no memory", async () => {
    const { workbench, workspace } = vscode;
    await writeFile(workspace.path(".proj-intel/memory/torn.json"), '{"schemaVersion": 1, "agent');
    await expect.poll(async () => (await picture())[0], slow).toContain("torn.json is left out  The memory ");
    const view = await workbench.memory();
    await view.open("torn.json is left out");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("torn.json");
  });
});
