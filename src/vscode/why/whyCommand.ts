import * as vscode from "vscode";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { agentAtLine } from "../agentAt.ts";
import { isTarget, type AgentTarget } from "../agentTarget.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import type { FolderIndex } from "../index/folderIndex.ts";
import type { IndexService } from "../index/indexService.ts";
import { isSource } from "../index/relevance.ts";
import { openAt, uriOf } from "../tree/items.ts";
import { agentRows } from "../tree/rows.ts";
import { classAt } from "./classAt.ts";
import { explain, explainUnknown, remediesFor, type Explanation, type Reason } from "./explanation.ts";

interface Pick extends vscode.QuickPickItem {
  open?: () => Thenable<unknown>;
}

/** What is asked about: a class that the index knows, as an agent or as none, or one it passed over. */
interface Subject {
  folder: FolderIndex;
  record: AgentRecord | null;
  name: string;
  file: string;
  line: number;
}

/** Agents: Why Is This (Not) an Agent? */
export function registerWhy(index: IndexService, log: Log): vscode.Disposable {
  return registerCommand(log, Commands.why, async (argument, selected) => {
    const [row, ...others] = agentRows(argument, selected);
    if (others.length > 0)
      throw new Notice(`${others.length + 1} agents are selected: ask about one at a time.`);
    await index.settled();
    const subject = row?.place
      ? named(index, { ...row.place, uri: uriOf(row.place).toString(), line: row.place.line ?? 1 })
      : isTarget(argument)
        ? named(index, argument)
        : await atCursor(index);
    await show(subject);
  });
}

function named(index: IndexService, { uri, name, line }: AgentTarget): Subject {
  const { folder, file, known } = inFile(index, vscode.Uri.parse(uri));
  const [record] = known
    .filter((candidate) => candidate.name === name)
    .sort((a, b) => Math.abs(a.lineno - line) - Math.abs(b.lineno - line));
  return { folder, record: record ?? null, name, file, line: record?.lineno ?? line };
}

async function atCursor(index: IndexService): Promise<Subject> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new Notice("Put the cursor into a class, or select an agent in the Agents view.");
  }
  const { document, selection } = editor;
  const { folder, file, known } = inFile(index, document.uri);
  const record = agentAtLine(
    known.map((candidate) => ({ record: candidate })),
    selection.active.line + 1,
  )?.record;
  const found = await classAt(document.uri, selection.active);
  // A class inside an agent is another one.
  if (found !== undefined && (record === undefined || found.line > record.lineno)) {
    return { folder, record: null, file, ...found };
  }
  if (record === undefined)
    throw new Notice("There is no class at the cursor: put it into one and ask again.");
  return { folder, record, name: record.name, file, line: record.lineno };
}

function inFile(index: IndexService, uri: vscode.Uri) {
  const path = vscode.workspace.asRelativePath(uri);
  const folder = index.folderOf(uri);
  if (uri.scheme !== "file" || folder === undefined) {
    throw new Notice(`${path} is in no folder of this workspace: agents are looked for in these only.`);
  }
  if (!isSource(uri.fsPath)) {
    throw new Notice(`${path} is not read: agents are looked for in TypeScript and JavaScript files.`);
  }
  const file = vscode.workspace.asRelativePath(uri, false);
  const { agents = [], rejected = [] } = folder.snapshot ?? {};
  const known = [...agents, ...rejected].filter((record) => record.file_path === file);
  return { folder, file, known };
}

async function show({ folder, record, name, file, line }: Subject): Promise<void> {
  const known = [...(folder.snapshot?.agents ?? []), ...(folder.snapshot?.rejected ?? [])];
  const lineOf = (path: string, wanted: string) =>
    known.find((candidate) => candidate.file_path === path && candidate.name === wanted)?.lineno ?? null;
  const explanation = record === null ? explainUnknown(name, { file, line }) : explain(record, lineOf);
  const open = (place: { file: string; line: number }) => {
    const { command, arguments: args = [] } = openAt(
      vscode.Uri.joinPath(folder.folder.uri, place.file),
      place.line,
    );
    return vscode.commands.executeCommand(command, ...(args as unknown[]));
  };
  const picked = await vscode.window.showQuickPick(
    [
      ...picksOf(explanation, open),
      { label: "Decide otherwise", kind: vscode.QuickPickItemKind.Separator },
      ...remediesFor({ role: record?.role ?? "not" }).map(({ text, detail, setting }): Pick => ({
        label: `$(${setting === null ? "edit" : "settings-gear"}) ${text}`,
        description: detail,
        open: () =>
          setting === null
            ? open({ file, line })
            : vscode.commands.executeCommand("workbench.action.openSettings", setting),
      })),
    ],
    {
      title: explanation.question,
      placeHolder: `${explanation.verdict}. Enter leads to the line.`,
      matchOnDescription: true,
    },
  );
  await picked?.open?.();
}

function picksOf(
  { evidence, capabilities, heritage }: Explanation,
  open: (place: { file: string; line: number }) => Thenable<unknown>,
): Pick[] {
  const icons = { for: "$(add) ", against: "$(remove) ", neither: "" };
  const section = (title: string, reasons: readonly Reason[]): Pick[] =>
    reasons.length === 0
      ? []
      : [
          { label: title, kind: vscode.QuickPickItemKind.Separator },
          ...reasons.map(({ sign, text, detail, place }): Pick => ({
            label: icons[sign] + text,
            description: detail,
            ...(place !== null && { open: () => open(place) }),
          })),
        ];
  return [
    ...section("Evidence", evidence),
    ...section("Heritage", heritage),
    ...section("Capabilities", capabilities),
  ];
}
