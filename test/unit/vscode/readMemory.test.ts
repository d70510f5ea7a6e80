import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FolderMemory, memoryFolder, memoryStore, noteLabel } from "../../../src/vscode/memory/readMemory.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "memory-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it("A folder without memory has none, and no file is made by looking", () => {
  const memory = new FolderMemory(root);
  expect([memory.agents, memory.notes]).toEqual([[], []]);
});

it("Memory is listed by agent, namespace and key, with its grants", () => {
  const guide = memoryStore(root).of("guide");
  guide.set("city", "Bern");
  guide.set("trips", new Map([["Bern", 3]]), { namespace: "log", tags: ["travel"] });
  guide.grant({ to: "helper", namespace: "plans", keyPrefix: "a" });
  memoryStore(root).of("helper").set("x", 1);
  const memory = new FolderMemory(root);
  expect(memory.agents).toEqual(["guide", "helper"]);
  expect(memory.namespacesOf("guide")).toEqual(["default", "log", "plans"]);
  const log = { agent: "guide", namespace: "log" };
  expect(memory.entriesOf(log)).toMatchObject([{ key: "trips", entry: { tags: ["travel"] } }]);
  const plans = { agent: "guide", namespace: "plans" };
  expect(memory.entriesOf(plans)).toEqual([]);
  expect(memory.grantsOf(plans)).toEqual([
    { from: "guide", to: "helper", namespace: "plans", key: null, keyPrefix: "a", access: "read" },
  ]);
});

it("A file that is no memory is one note and hides no other; a damaged value hides no other value", async () => {
  const guide = memoryStore(root).of("guide");
  guide.set("good", 1);
  guide.set("bad", new Date(0));
  const file = join(memoryFolder(root), "guide.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/"value":\{[^}]*\}/, '"value":{"$type":"Nonsense"}'));
  for (const [name, content] of [
    ["torn", '{"schemaVersion": 1, "agent": "to'],
    ["newer", '{"schemaVersion": 99}'],
    ["foreign", '{"schemaVersion": 1, "agent": 3, "namespace": {}, "entries": "none"}'],
  ] as const)
    await writeFile(join(memoryFolder(root), `${name}.json`), content);
  const memory = new FolderMemory(root);
  expect(memory.agents).toEqual(["guide"]);
  expect(memory.agents).toEqual(["guide"]);
  expect(memory.notes.map(noteLabel).sort()).toEqual([
    "foreign.json is left out",
    "newer.json is left out",
    "torn.json is left out",
  ]);
  const [good, bad] = memory.entriesOf({ agent: "guide", namespace: "default" });
  expect(good).toMatchObject({ key: "good", entry: { value: 1 } });
  expect(bad).toMatchObject({ key: "bad", entry: null });
  expect(bad && "damage" in bad && bad.damage).toContain('The value of "bad" in namespace "default"');
  expect(memoryStore(root).of("guide").delete("bad")).toBe(true);
  expect(new FolderMemory(root).entriesOf({ agent: "guide", namespace: "default" })).toHaveLength(1);
});
