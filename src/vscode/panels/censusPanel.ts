import type * as vscode from "vscode";
import { takeCensus } from "../../census/census.ts";
import { toMarkdown } from "../../census/markdown.ts";
import { CensusExport, type CensusHost, type CensusRow } from "../../model/panelProtocol.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { exportFile } from "./exportFile.ts";
import { countedFolders, indexRows, openPlace } from "./indexRows.ts";
import { Panel } from "./panel.ts";

/** Agents: Show Census. */
export function registerCensusPanel(index: IndexService, extension: vscode.Uri, log: Log): Disposables {
  const owned = new Disposables();
  const panel = owned.add(
    new Panel<CensusRow, CensusHost>(
      {
        type: Panels.census,
        title: "Agent Census",
        script: "census",
        read: () => {
          // Also when a panel is restored: nobody else may have asked yet.
          inBackground(log, index.ready());
          return Promise.resolve(
            indexRows(index, (folders) => ({
              apart: takeCensus(folders, { tests: false }),
              withTests: takeCensus(folders, { tests: true }),
            })),
          );
        },
        functions: {
          open: (place) => openPlace(index, place),
          refresh: () => index.refresh(),
          export: (request) => exportCensus(index, log, CensusExport.parse(request)),
        },
      },
      extension,
      log,
    ),
  );
  owned.add(index.onDidChange(() => panel.refresh()));
  owned.add(registerCommand(log, Commands.showCensus, () => panel.show()));
  return owned;
}

function exportCensus(index: IndexService, log: Log, { folder, tests, format }: CensusExport): Promise<void> {
  const census = takeCensus(countedFolders(index, folder), { tests });
  return format === "json"
    ? exportFile(log, "agent-census.json", `${JSON.stringify(census, null, 2)}\n`)
    : exportFile(log, "agent-census.md", toMarkdown(census));
}
