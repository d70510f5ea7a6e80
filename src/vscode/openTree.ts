import * as vscode from "vscode";
import type { Disposables } from "./disposables.ts";
import { TreeWatch } from "./treeWatch.ts";

/** Opens a tree view that goes on showing the changes of its rows, see `TreeWatch`. */
export function openTree<T>(
  owned: Disposables,
  id: string,
  rows: vscode.TreeDataProvider<T>,
  options: Omit<vscode.TreeViewOptions<T>, "treeDataProvider"> = {},
): vscode.TreeView<T> {
  const changed = owned.add(new vscode.EventEmitter<T | T[] | undefined>());
  const watch = owned.add(
    new TreeWatch(
      () => view.visible,
      () => changed.fire(undefined),
    ),
  );
  const view: vscode.TreeView<T> = owned.add(
    vscode.window.createTreeView(id, {
      ...options,
      treeDataProvider: {
        onDidChangeTreeData: changed.event,
        getTreeItem: (row) => {
          watch.asked();
          return rows.getTreeItem(row);
        },
        getChildren: async (row) => {
          try {
            const children = await rows.getChildren(row);
            // Whoever has no rows is not asked for any.
            if (row === undefined && !children?.length) watch.asked();
            return children;
          } catch (error) {
            watch.asked();
            throw error;
          }
        },
        getParent: (row) => rows.getParent?.(row),
        ...(rows.resolveTreeItem !== undefined && { resolveTreeItem: rows.resolveTreeItem.bind(rows) }),
      },
    }),
  );
  const source = rows.onDidChangeTreeData?.((nodes) => {
    changed.fire(nodes ?? undefined);
    if (!Array.isArray(nodes) || nodes.length > 0) watch.changed();
  });
  if (source !== undefined) owned.add(source);
  owned.add(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) watch.shown();
    }),
  );
  return view;
}
