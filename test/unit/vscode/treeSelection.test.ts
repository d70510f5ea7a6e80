import { expect, test } from "vitest";
import { Disposables } from "../../../src/vscode/disposables.ts";
import { TreeSelection } from "../../../src/vscode/treeSelection.ts";

interface Row {
  id: string;
}

test("what is selected stays so while VS Code has not asked for the rows anew", () => {
  let known: readonly Row[] = [{ id: "a" }, { id: "b" }];
  let resolved: readonly Row[] = [];
  let select: (rows: readonly Row[]) => void = () => undefined;
  const view = {
    get selection() {
      return resolved;
    },
    onDidChangeSelection: (listener: (event: { selection: readonly Row[] }) => unknown) => {
      select = (rows) => {
        resolved = rows;
        listener({ selection: rows });
      };
      return { dispose: () => undefined };
    },
  };
  const selection = new TreeSelection(new Disposables(), view, ({ id }) =>
    known.find((row) => row.id === id),
  );
  expect(selection.rows).toEqual([]);
  select(known);
  expect(selection.rows).toBe(known);
  known = [{ id: "b" }, { id: "c" }];
  resolved = [];
  expect(selection.rows).toEqual([{ id: "b" }]);
  expect(selection.rows[0]).toBe(known[0]);
  resolved = known.slice(0, 1);
  expect(selection.rows).toEqual([{ id: "b" }]);
  select([]);
  expect(selection.rows).toEqual([]);
});
