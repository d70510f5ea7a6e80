import type { TreeView } from "vscode";
import type { Disposables } from "./disposables.ts";

/**
 * The selected rows of a tree view. After a change of all rows VS Code knows none of them until it has asked for them anew,
 * which it does not do while the view is out of sight: until then they are those that were selected before.
 */
export class TreeSelection<T> {
  readonly #view: Pick<TreeView<T>, "selection">;
  readonly #now: (row: T) => T | undefined;
  #last: readonly T[] = [];

  /** @param now the row as it is now; undefined where it is gone */
  constructor(
    owned: Disposables,
    view: Pick<TreeView<T>, "selection" | "onDidChangeSelection">,
    now: (row: T) => T | undefined,
  ) {
    this.#view = view;
    this.#now = now;
    owned.add(view.onDidChangeSelection(({ selection }) => (this.#last = selection)));
  }

  get rows(): readonly T[] {
    const { selection } = this.#view;
    return selection.length >= this.#last.length
      ? selection
      : this.#last.flatMap((row) => this.#now(row) ?? []);
  }
}
