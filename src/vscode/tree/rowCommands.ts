import * as vscode from "vscode";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { uriOf } from "./items.ts";
import type { Node, Place } from "./node.ts";
import { agentRows } from "./rows.ts";

/** Commands for one or several rows: those they are called on, or those selected where a key calls them. */
export function registerRowCommands(selection: () => readonly Node[], log: Log): Disposables {
  const owned = new Disposables();
  const rowsOf = (row: unknown, selected: unknown): [Node, ...Node[]] => {
    const [first, ...others] = agentRows(row, row === undefined ? selection() : selected);
    if (first === undefined) throw new Notice("Select an agent in the Agents view first.");
    return [first, ...others];
  };
  const copy = async (rows: readonly Node[], textOf: (place: Place) => string) => {
    const texts = rows.flatMap(({ place }) => (place === null ? [] : [textOf(place)]));
    await vscode.env.clipboard.writeText([...new Set(texts)].join("\n"));
  };
  owned.add(
    registerCommand(log, Commands.copyName, (row, selected) =>
      copy(rowsOf(row, selected), ({ name }) => name),
    ),
  );
  owned.add(
    registerCommand(log, Commands.copyPath, (row, selected) =>
      copy(rowsOf(row, selected), (place) => uriOf(place).fsPath),
    ),
  );
  owned.add(
    registerCommand(log, Commands.revealInExplorer, async (row) => {
      const [{ place }] = rowsOf(row, undefined);
      if (place !== null) await vscode.commands.executeCommand("revealInExplorer", uriOf(place));
    }),
  );
  return owned;
}
