import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { placesIn } from "../../../src/patterns/stackPlaces.ts";

let root: string;
beforeEach(() => {
  root = join(realpathSync(mkdtempSync(join(tmpdir(), "places-"))), "shop");
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(root, "src/agent.ts"), "");
  writeFileSync(join(root, "../secret.ts"), "");
});
afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

it("finds frames by what patterns call them", () => {
  const stack = [
    "TypeError: no",
    `    at Agent.run (${join(root, "src/agent.ts")}:12:5)`,
    `    at async other (${pathToFileURL(join(root, "src/agent.ts")).href}:30:1)`,
    `    at ${join(root, "src/agent.ts")}:40:1`,
  ].join("\n");
  expect([...placesIn(root, [stack])]).toEqual([
    ["Agent.run (agent)", { file: "src/agent.ts", line: 12 }],
    ["other (agent)", { file: "src/agent.ts", line: 30 }],
    ["<anonymous> (agent)", { file: "src/agent.ts", line: 40 }],
  ]);
});

it("finds files in folders whose names have parentheses", () => {
  const windows = "C:\\Program Files (x86)\\b.ts";
  mkdirSync(join(root, "app/(dash)"), { recursive: true });
  writeFileSync(join(root, "app/(dash)/a.ts"), "");
  // Where there are no drives, this is the name of a file.
  writeFileSync(join(root, windows), "");
  const stack = [
    `    at Agent.run (${join(root, "app/(dash)/a.ts")}:12:5)`,
    `    at ${join(root, "app/(dash)/a.ts")}:13:5`,
    `    at other (${windows}:14:5)`,
  ].join("\n");
  expect([...placesIn(root, [stack])]).toEqual([
    ["Agent.run (a)", { file: "app/(dash)/a.ts", line: 12 }],
    ["<anonymous> (a)", { file: "app/(dash)/a.ts", line: 13 }],
    ["other (b)", { file: windows, line: 14 }],
  ]);
});

it("never leaves the folder, whatever a stack says", () => {
  symlinkSync(join(root, "../secret.ts"), join(root, "src/link.ts"));
  const places = [
    "/etc/passwd",
    join(root, "../secret.ts"),
    "../secret.ts",
    "src/link.ts",
    "file://%00/x",
    root,
    "gone.ts",
  ];
  const stack = places.map((place) => `    at f (${place}:1:1)`).join("\n");
  expect([...placesIn(root, [stack])]).toEqual([]);
});

it("is not held up by long lines and many", () => {
  const started = performance.now();
  placesIn(root, [`    at ${"(a ".repeat(1e6)}`, "    at f (x.ts:1:1)\n".repeat(1e6), "at ".repeat(1e6)]);
  expect(performance.now() - started).toBeLessThan(2000);
});
