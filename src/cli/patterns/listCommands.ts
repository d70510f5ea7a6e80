import type { Command } from "commander";
import type { PatternDetail, PatternRow } from "../../model/patterns.ts";
import { percent } from "../../model/percent.ts";
import { detailOf } from "../../patterns/detail.ts";
import { proposalsFrom } from "../../patterns/proposals.ts";
import { rowOf } from "../../patterns/rows.ts";
import { readRunFacts } from "../../runs/runFacts.ts";
import { Grouping } from "../../runtime/patterns/grouping.ts";
import { groupsOf } from "../../runtime/patterns/groups.ts";
import { talliesOf } from "../../runtime/patterns/tallies.ts";
import { without } from "../../runtime/patterns/without.ts";
import type { Output } from "../output.ts";
import { localTime } from "../runs/times.ts";
import { table } from "../table.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { FOLDER_ARGUMENT, workspaceOption } from "../workspace.ts";
import { SIGNATURE, signatureFor, withStore } from "./openStore.ts";

interface ListOptions {
  type?: string;
  agent?: string;
  muted?: true;
  limit?: number;
  json?: true;
}

/** `patterns list | show` */
export function addListCommands(patterns: Command, output: Output, done: (exitCode: number) => void): void {
  patterns
    .command("list")
    .description("the patterns of a workspace folder, those that were seen last first")
    .argument(...FOLDER_ARGUMENT)
    .option("--type <name>", "only errors of this name")
    .option("--agent <name>", "only errors of this agent")
    .option("--muted", "those that are muted too")
    .option("--limit <n>", "only so many", wholeNumber(1))
    .option("--json", 'one {"type":"pattern","data":…} a pattern and line')
    .action((dir: string | undefined, options: ListOptions) => done(list(dir, options, output)));
  patterns
    .command("show")
    .description("one pattern: why errors count to it, who had them, and what helped")
    .argument("<signature>", SIGNATURE)
    .option("--json", 'one {"type":"pattern","data":…}')
    .option(...workspaceOption())
    .action(async (signature: string, options: { json?: true; workspace?: string }) =>
      done(await show(signature, options, output)),
    );
}

function list(
  dir: string | undefined,
  { type, agent, muted, limit = Infinity, json }: ListOptions,
  output: Output,
): number {
  return withStore(dir, output, (store, root) => {
    const now = new Date();
    const all = groupsOf(store.patterns()).map((group) => rowOf(root, group, now));
    const wanted = all
      .filter((row) => type === undefined || row.type === type)
      .filter((row) => agent === undefined || row.agents.includes(agent));
    const rows = wanted.filter((row) => muted === true || row.muted === false);
    rows.sort((a, b) => (a.lastSeen === b.lastSeen ? 0 : (a.lastSeen ?? "") < (b.lastSeen ?? "") ? 1 : -1));
    const shown = rows.slice(0, limit);
    if (json) for (const row of shown) output.json({ type: "pattern", data: without(row, "folder") });
    else for (const line of table(shown.map(cells))) output.line(line);
    if (all.length === 0)
      output.note(`No error pattern is known in ${root}: they are recorded when agents fail.`);
    else if (shown.length === 0 && wanted.length === 0) output.note("None of the patterns is like that.");
    if (wanted.length > rows.length)
      output.note(`${wanted.length - rows.length} muted: give --muted to see them.`);
    return 0;
  });
}

function cells({
  signature,
  type,
  title,
  message,
  occurrences,
  lastSeen,
  solutions,
  muted,
}: PatternRow): string[] {
  const name = title === null ? `${type}: ${message}` : `${title} (${type})`;
  return [
    signature,
    `${occurrences}×`,
    lastSeen === null ? "" : localTime(lastSeen),
    solutions === 0 ? "" : `${solutions} solution${solutions === 1 ? "" : "s"}`,
    `${muted === false ? "" : "[muted] "}${name.replace(/\s+/g, " ").slice(0, 160)}`,
  ];
}

async function show(
  text: string,
  { json, workspace }: { json?: true; workspace?: string },
  output: Output,
): Promise<number> {
  const { root, group } = withStore(workspace, output, (store, folder) => {
    const patterns = store.patterns();
    const signature = new Grouping(patterns).rootOf(signatureFor(patterns, text));
    const found = groupsOf(patterns).find(({ pattern }) => pattern.error_signature === signature);
    return { root: folder, group: found };
  });
  if (group === undefined) return 2;
  const proposals = proposalsFrom(await readRunFacts(root));
  const detail = detailOf(root, group, { runs: [], proposals, placeOf: () => null, now: new Date() });
  if (json) {
    const { runs } = talliesOf(group.pattern);
    output.json({ type: "pattern", data: { ...without(detail, "folder"), runs } });
  } else for (const line of linesOf(detail)) output.line(line);
  return 0;
}

function linesOf(detail: PatternDetail): string[] {
  const rows: [string, string][] = [
    ["pattern", detail.signature],
    ["title", detail.title ?? ""],
    ["type", detail.type],
    ["message", detail.message],
    ["occurrences", String(detail.occurrences)],
    ["first seen", detail.firstSeen === null ? "" : localTime(detail.firstSeen)],
    ["last seen", detail.lastSeen === null ? "" : localTime(detail.lastSeen)],
    [
      "agents",
      detail.counts.map(({ agent, count }) => (count === null ? agent : `${agent} (${count})`)).join(", "),
    ],
    ["muted", detail.muted === false ? "" : detail.muted === true ? "for good" : `until ${detail.muted}`],
    ...detail.why.map((sentence): [string, string] => ["why", sentence]),
    ...detail.solutionRows.map((row): [string, string] => [
      row.unconfirmed ? "unconfirmed" : "solution",
      solutionText(row),
    ]),
  ];
  return table(rows.filter(([, value]) => value !== ""));
}

function solutionText({
  fix,
  successes,
  failures,
  lowerBound,
}: PatternDetail["solutionRows"][number]): string {
  const tried = successes + failures;
  const outcomes = tried === 0 ? "not tried yet" : `passed ${successes} of ${tried}`;
  return `${fix} (${outcomes}, at least ${percent(lowerBound)})`;
}
