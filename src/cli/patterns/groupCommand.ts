import type { Command } from "commander";
import { counted } from "../../model/counted.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { GroupedLines, type GroupedLine } from "./groupedLines.ts";
import { MessageLines } from "./messageLines.ts";

interface GroupOptions {
  json?: true;
}

/** `patterns group` */
export function addGroupCommand(patterns: Command, output: Output, done: (exitCode: number) => void): void {
  patterns
    .command("group")
    .description("group error messages: those of one group have one signature")
    .argument(
      "<file>",
      "one message or stack a line, as it is or as a JSON string; - is standard input, which is read to its end",
    )
    .option("--json", 'one {"type":"group","data":{line, signature, template}} a message and line')
    .action(async (file: string, options: GroupOptions) => done(await groupCommand(file, options, output)));
}

async function groupCommand(file: string, { json }: GroupOptions, output: Output): Promise<number> {
  return await MessageLines.with(file, async (lines) => {
    const grouped = new GroupedLines(lines);
    await grouped.compare();
    if (grouped.count === 0) output.note(`${file === "-" ? "Standard input" : file} holds no message.`);
    else if (json) await writeLines(grouped, output);
    else await writeTable(grouped, output);
    return 0;
  });
}

async function writeLines(grouped: GroupedLines, output: Output): Promise<void> {
  for await (const lines of grouped.read()) {
    const texts = lines.map(({ line, signature, template }) =>
      JSON.stringify({ type: "group", data: { line, signature, template } }),
    );
    if (texts.length > 0) output.line(texts.join("\n"));
    if (!(await output.wanted())) return;
  }
}

interface Row extends GroupedLine {
  count: number;
}

async function writeTable(grouped: GroupedLines, output: Output): Promise<void> {
  const bySignature = new Map<string, Row>();
  let unlike = 0;
  for await (const lines of grouped.read())
    for (const line of lines) {
      const row = bySignature.get(line.signature);
      if (row !== undefined) row.count += 1;
      else if (line.example !== null) bySignature.set(line.signature, { ...line, count: 1 });
      else unlike += 1;
    }
  const rows = [...bySignature.values()].sort((a, b) => b.count - a.count || a.line - b.line);
  const cells = rows.map(({ count, signature, line, template }) => [
    ...[count, signature, line].map(String),
    short(template),
  ]);
  table([["COUNT", "SIGNATURE", "LINE", "TEMPLATE"], ...cells]).forEach((text, i) => {
    output.line(text);
    const { template, example } = rows[i - 1] ?? {};
    if (example != null && template?.endsWith(example) === false)
      for (const line of table([["", `for example: ${short(example)}`]])) output.line(line);
  });
  output.note(`${counted(grouped.count, "message")} in ${counted(rows.length, "group")}.`);
  if (unlike > 0)
    output.note(
      `Of these, ${counted(unlike, "message is", "messages are")} of none: like none of the first ${grouped.compared} different ones.`,
    );
}

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};
