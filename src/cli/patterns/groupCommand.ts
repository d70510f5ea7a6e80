import type { Command } from "commander";
import { counted } from "../../model/counted.ts";
import { errorOf } from "../../patterns/errorText.ts";
import { MessageGroups, mostCompared, type MessageGroup } from "../../patterns/grouping/messageGroups.ts";
import { signatureOf } from "../../runtime/patterns/signature.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
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
    const groups = new MessageGroups();
    let messages = 0;
    for await (const { text } of lines.read()) {
      groups.show(signatureOf(errorOf(text)));
      messages += 1;
    }
    if (messages === 0) output.note(`${file === "-" ? "Standard input" : file} holds no message.`);
    else if (json) await writeLines(lines, groups, output);
    else await writeTable(lines, groups, output);
    return 0;
  });
}

async function writeLines(lines: MessageLines, groups: MessageGroups, output: Output): Promise<void> {
  for await (const { line, text } of lines.read()) {
    const { signature, template } = groups.of(signatureOf(errorOf(text)));
    output.json({ type: "group", data: { line, signature, template } });
    if (!(await output.wanted())) return;
  }
}

interface Row extends MessageGroup {
  count: number;
  line: number;
  example: string;
}

async function writeTable(lines: MessageLines, groups: MessageGroups, output: Output): Promise<void> {
  const rows = new Map<string, Row>();
  let unlike = 0;
  for await (const { line, text } of lines.read()) {
    const signed = signatureOf(errorOf(text));
    const { signature, template, shown } = groups.of(signed);
    const row = rows.get(signature);
    if (row !== undefined) row.count += 1;
    else if (shown) rows.set(signature, { signature, template, count: 1, line, example: signed.message });
    else unlike += 1;
  }
  const sorted = [...rows.values()].sort((a, b) => b.count - a.count || a.line - b.line);
  const texts = table([
    ["COUNT", "SIGNATURE", "LINE", "TEMPLATE"],
    ...sorted.map(({ count, signature, line, template }) => [
      String(count),
      signature,
      String(line),
      short(template),
    ]),
  ]);
  texts.forEach((text, i) => {
    output.line(text);
    const row = sorted[i - 1];
    if (row !== undefined && !row.template.endsWith(row.example))
      output.line(table([["", `for example: ${short(row.example)}`]])[0] ?? "");
  });
  output.note(
    `${counted(
      sorted.reduce((sum, { count }) => sum + count, unlike),
      "message",
    )} in ${counted(rows.size, "group")}.`,
  );
  if (unlike > 0)
    output.note(
      `${counted(unlike, "message")} more than the first ${mostCompared} different ones are of no group of these.`,
    );
}

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};
