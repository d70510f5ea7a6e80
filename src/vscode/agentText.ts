import type { AgentRecord } from "../model/agentRecord.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";
import { displayName } from "../model/displayName.ts";

/** "abstract test agent, migrated" */
export function kindOf(record: AgentRecord): string {
  const what = record.kind === "class" ? record.role : record.kind;
  const words = [record.abstract ? "abstract" : "", record.test ? "test" : "", what];
  return words.filter(Boolean).join(" ") + (record.migrated ? ", migrated" : "");
}

const longestDocstring = 300;

/** What an agent is, can do and extends, and why it counts as one: Markdown for tooltips and hovers. */
export function agentText(record: AgentRecord): string {
  const {
    name,
    file_path: file,
    kind,
    docstring,
    capabilities,
    base_chain: bases,
    orchestrates,
    confidence,
    evidence,
  } = record;
  const proofs = capabilities.map(
    ({ name: can, method, own }) =>
      `${plain(can)} (${code(own && kind !== "class" ? method : `${method}()`)}${own ? "" : ", inherited"})`,
  );
  const orchestrated = [...new Set(orchestrates.map((other) => other.name))];
  return [
    `**${plain(displayName(name))}** · ${plain(kindOf(record))}`,
    docstring === null ? "" : plain(docstring.slice(0, longestDocstring)),
    `**Capabilities** ${proofs.length === 0 ? "none found" : proofs.join(", ")}`,
    bases.length === 0
      ? ""
      : `**${kind === "class" ? "Extends" : "Made with"}** ${plain(bases.map((base) => base.name).join(" → "))}`,
    orchestrated.length === 0 ? "" : `**Orchestrates** ${plain(orchestrated.join(", "))}`,
    [`**Evidence** ${Math.round(confidence * 100)} %`, ...evidence.map((said) => `- ${plain(said)}`)].join(
      "\n",
    ),
    isComponent(file) ? plain(componentSentence(displayName(name), file)) : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Text that means nothing to Markdown; unlike VS Code's own, it can be wrapped between words. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+\-!~<>|&$.]/g, "\\$&");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
