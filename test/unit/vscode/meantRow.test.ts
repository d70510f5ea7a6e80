import { expect, it } from "vitest";
import type { RunNode } from "../../../src/vscode/runs/items.ts";
import { meantRow } from "../../../src/vscode/runs/meantRow.ts";
import { row } from "./runRow.ts";

const run = (id: string): RunNode => ({ kind: "run", row: row(id), parent: null, steps: [] });
const selected = run("1");
const clicked = run("2");
const batch: RunNode = { kind: "batch", group: { id: "b", rows: [] } };

it.each([
  ["the row of a menu", clicked, clicked],
  ["the row of a batch", batch, batch],
  ["the selected row, by a key", "row", selected],
  ["none where the row of a menu is gone", undefined, undefined],
  ["none for what is no run", { kind: "more" }, undefined],
  ["none for an argument of a user's key", "selected", undefined],
])("A command is for %s", (_, argument, meant) => {
  expect(meantRow(argument, [selected])).toBe(meant);
});

it("A key means no row where none is selected, or the one that asks for older runs", () => {
  expect(meantRow("row", [])).toBeUndefined();
  expect(meantRow("row", [{ kind: "more" }])).toBeUndefined();
});
