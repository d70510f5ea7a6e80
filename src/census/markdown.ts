import { counted } from "../model/counted.ts";
import type { Census, Family } from "../model/census.ts";
import { displayName } from "../model/displayName.ts";
import { figuresOf } from "./figures.ts";

/** The census as a document. */
export function toMarkdown(census: Census): string {
  const { folders, files, families, bases } = census;
  const blocks = [
    `# Census of the agents in ${folders.map(escape).join(", ")}`,
    `${counted(census.agents, "agent")} in ${counted(files, "source file")}.`,
    ...figuresOf(census).flatMap(({ title, figures }) => [
      `## ${title}`,
      tableOf(
        ["", "count", ""],
        figures.map(({ label, value, detail }) => [label, String(value), detail]),
      ),
    ]),
  ];
  if (families.length > 0)
    blocks.push(
      "## Families",
      tableOf(
        ["root", "agents", "from", "members"],
        families.map((family) => [
          family.name,
          String(family.members.length),
          originOf(family),
          family.members.map(({ name }) => displayName(name)).join(", "),
        ]),
      ),
    );
  if (bases.packages.length > 0)
    blocks.push(
      "## Base classes of packages",
      tableOf(
        ["package", "agents", "base classes"],
        bases.packages.map(({ module, agents, bases: names }) => [module, String(agents), names.join(", ")]),
      ),
    );
  const meanings = figuresOf(census)
    .flatMap(({ figures }) => figures)
    .map(({ label, meaning }) => `- **${label}**: ${meaning}`);
  blocks.push("## What is counted", meanings.join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

/** Where the root of a family is declared. */
export function originOf({ file_path, module, folder }: Family, folders = false): string {
  if (file_path !== null) return folders && folder !== null ? `${folder}/${file_path}` : file_path;
  return module ?? "not found in this workspace";
}

function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  const rule = header.map((_, column) => (column === 1 ? "---:" : "---"));
  return [line(header), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

const escape = (text: string): string => text.replace(/[\\`*_<>|[\]#]/g, "\\$&").replace(/\s+/g, " ");
