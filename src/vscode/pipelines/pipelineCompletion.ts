import { getLocation, parseTree, type Node } from "jsonc-parser/lib/esm/main.js";
import * as vscode from "vscode";
import { formatAgentRef } from "../../model/agentRef.ts";
import { displayName } from "../../model/displayName.ts";
import { fromKey, inputKey } from "../../model/pipeline.ts";
import { isOffered } from "../abilities.ts";
import type { IndexService } from "../index/indexService.ts";

/** Completes the agents of steps, and the results that a step can refer to; all else its schema does. */
export class PipelineCompletion implements vscode.CompletionItemProvider {
  readonly #index: IndexService;

  constructor(index: IndexService) {
    this.#index = index;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const text = document.getText();
    const offset = document.offsetAt(position);
    const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
    if (isAtPropertyKey) return [];
    const within = previousNode !== undefined && previousNode.offset < offset && isString(previousNode);
    const range = within
      ? new vscode.Range(
          document.positionAt(previousNode.offset),
          document.positionAt(previousNode.offset + previousNode.length),
        )
      : (document.getWordRangeAtPosition(position, /[\w./#-]+/) ?? new vscode.Range(position, position));
    switch (path.at(-1)) {
      case "agent":
        return (await this.#agents(document)).map((item) => quoted(item, range, within));
      case fromKey:
        return resultsBefore(text, offset).map((item) => quoted(item, range, within));
      default:
        return [];
    }
  }

  async #agents({ uri }: vscode.TextDocument): Promise<vscode.CompletionItem[]> {
    await this.#index.ready();
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const agents = this.#index.agents.filter((agent) => agent.folder === folder && isOffered(agent.record));
    return agents.map(({ record: { name, file_path: file, docstring } }) => {
      const item = new vscode.CompletionItem(
        { label: displayName(name), description: file },
        vscode.CompletionItemKind.Class,
      );
      item.insertText = formatAgentRef({ file, name });
      if (docstring !== null) item.documentation = docstring;
      return item;
    });
  }
}

/** The ids that are written before a place, and the input where the pipeline has one. */
function resultsBefore(text: string, offset: number): vscode.CompletionItem[] {
  const tree = parseTree(text);
  const ids = tree === undefined ? [] : idsIn(tree).filter((id) => id.end < offset);
  const last = ids.at(-1);
  // The nearest one is that of the step itself.
  const names = [...ids.filter((id) => id !== last).map(({ name }) => name), inputKey];
  return names.map((name) => {
    const item = new vscode.CompletionItem(`/${name}`, vscode.CompletionItemKind.Reference);
    item.insertText = `/${name}`;
    return item;
  });
}

function idsIn({ type, children = [] }: Node): { name: string; end: number }[] {
  const [key, value] = children;
  if (type === "property" && key?.value === "id" && value !== undefined && isString(value))
    return [{ name: String(value.value), end: value.offset + value.length }];
  return children.flatMap(idsIn);
}

/** @param within whether what is typed so far stands in quotes */
function quoted(item: vscode.CompletionItem, range: vscode.Range, within: boolean): vscode.CompletionItem {
  const bare = typeof item.insertText === "string" ? item.insertText : "";
  const text = JSON.stringify(bare);
  item.insertText = text;
  item.filterText = within ? text : bare;
  item.range = range;
  // Before what the schema completes.
  item.sortText = ` ${text}`;
  return item;
}

const isString = ({ type }: Node): boolean => type === "string";
