import * as vscode from "vscode";
import type { AgentRecord } from "../model/agentRecord.ts";
import { displayName } from "../model/displayName.ts";

/** "abstract test agent, migrated" */
export function kindOf(record: AgentRecord): string {
  const words = [record.abstract ? "abstract" : "", record.test ? "test" : "", record.role];
  return words.filter(Boolean).join(" ") + (record.migrated ? ", migrated" : "");
}

/** What an agent is, can do and extends, and why it counts as one; for tooltips and hovers. */
export function agentMarkdown(record: AgentRecord): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const code = (value: string) => text.appendMarkdown(`\`${value.replaceAll("`", "'")}\``);
  const line = (title: string) => text.appendMarkdown(`\n\n**${title}** `);
  text.appendMarkdown("**").appendText(displayName(record.name)).appendMarkdown("** · ");
  text.appendText(kindOf(record));
  if (record.docstring) text.appendMarkdown("\n\n").appendText(record.docstring.slice(0, 300));
  line("Capabilities");
  if (record.capabilities.length === 0) text.appendText("none found");
  record.capabilities.forEach(({ name, method, own }, index) => {
    if (index > 0) text.appendMarkdown(", ");
    text.appendText(`${name} `).appendMarkdown("(");
    code(`${method}()`);
    text.appendMarkdown(own ? ")" : ", inherited)");
  });
  if (record.base_chain.length > 0) {
    line("Extends");
    text.appendText(record.base_chain.map((base) => base.name).join(" → "));
  }
  if (record.orchestrates.length > 0) {
    line("Orchestrates");
    text.appendText([...new Set(record.orchestrates.map(({ name }) => name))].join(", "));
  }
  line("Evidence");
  text.appendText(`${Math.round(record.confidence * 100)} %`);
  for (const reason of record.evidence) text.appendMarkdown("\n- ").appendText(reason);
  return text;
}
