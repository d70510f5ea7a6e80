import type * as vscode from "vscode";
import { pictureOf } from "../../census/picture.ts";
import { SvgText, type FamiliesHost, type FamiliesRow } from "../../model/panelProtocol.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { exportFile } from "./exportFile.ts";
import { indexRows, openPlace } from "./indexRows.ts";
import { Panel } from "./panel.ts";

/** Agents: Show Families. */
export function registerFamiliesPanel(index: IndexService, extension: vscode.Uri, log: Log): Disposables {
  const owned = new Disposables();
  const panel = owned.add(
    new Panel<FamiliesRow, FamiliesHost>(
      {
        type: Panels.families,
        title: "Agent Families",
        script: "families",
        read: () => {
          // Also when a panel is restored: nobody else may have asked yet.
          inBackground(log, index.ready());
          return Promise.resolve(indexRows(index, pictureOf));
        },
        functions: {
          open: (place) => openPlace(index, place),
          refresh: () => index.refresh(),
          export: (svg) => exportFile(log, "agent-families.svg", SvgText.parse(svg)),
        },
      },
      extension,
      log,
    ),
  );
  owned.add(index.onDidChange(() => panel.refresh()));
  owned.add(registerCommand(log, Commands.showFamilies, () => panel.show()));
  return owned;
}
