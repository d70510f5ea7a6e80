import { basename } from "node:path";
import { counted } from "../model/counted.ts";
import { takeCensus } from "../census/census.ts";
import { figuresOf } from "../census/figures.ts";
import { originOf, toMarkdown } from "../census/markdown.ts";
import type { Census } from "../model/census.ts";
import { UserError } from "../model/userError.ts";
import { openIndexer } from "./openIndexer.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { existingFolder } from "./workspace.ts";

export interface CensusOptions {
  json?: true;
  markdown?: true;
  tests?: true;
}

export async function censusCommand(
  folders: readonly string[],
  options: CensusOptions,
  output: Output,
): Promise<number> {
  const [folder] = folders;
  if (folder === undefined || folders.length > 1)
    throw new UserError(
      `The census takes one folder, and ${folders.length} were given: name the folder that holds them all.`,
    );
  if (options.json && options.markdown)
    throw new UserError("--json and --markdown exclude each other: give one of them.");
  const root = existingFolder(folder);
  const indexer = await openIndexer(root, output);
  try {
    const snapshot = await indexer.index(root);
    for (const note of snapshot.notes) output.note(note);
    const census = takeCensus([{ name: basename(root), snapshot }], { tests: options.tests === true });
    if (options.json) output.json(census);
    else if (options.markdown) output.line(toMarkdown(census).trimEnd());
    else print(census, output);
    output.note(
      `${counted(census.agents, "agent")} in ${counted(census.files, "file")}, ${(snapshot.durationMs / 1000).toFixed(1)} s`,
    );
    return 0;
  } finally {
    await indexer.dispose();
  }
}

/** One table, so that the columns of all groups stand below each other. */
function print(census: Census, output: Output): void {
  const figures = figuresOf(census).flatMap(({ title, figures: group }) => [
    [title],
    ...group.map(({ label, value, detail }) => [`  ${label}`, String(value), detail]),
  ]);
  const families = census.families.map((family) => [
    `  ${family.name}`,
    String(family.members.length),
    originOf(family),
  ]);
  const packages = census.bases.packages.map(({ module, agents, bases }) => [
    `  ${module}`,
    String(agents),
    bases.join(", "),
  ]);
  const rows = [
    ...figures,
    ...(families.length > 0 ? [["Families", "", ""], ...families] : []),
    ...(packages.length > 0 ? [["Base classes of packages", "", ""], ...packages] : []),
  ];
  for (const line of table(withRightAlignedNumbers(rows))) output.line(line);
}

function withRightAlignedNumbers(rows: string[][]): string[][] {
  const width = Math.max(...rows.map(([, number = ""]) => number.length));
  return rows.map(([label = "", number = "", detail = ""]) => [label, number.padStart(width), detail]);
}
