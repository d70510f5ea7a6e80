import { counted } from "../model/counted.ts";
import { EXECUTIONS, type ParityReport, type ParityResult, type ParitySide } from "../model/parity.ts";

const longest = 60;

/** "same", "2 differences" */
export function parityCount({ same, tasks }: ParityReport): string {
  if (same) return "same";
  const count = tasks.flatMap(realOf).length;
  return counted(count, "difference");
}

/** What a comparison does to the world, before it is done. */
export function executionsSentence(name: string, tasks: number): string {
  const most = tasks * EXECUTIONS;
  const given = tasks === 1 ? "" : ` for ${tasks} tasks`;
  return `${name} runs for real, with all that it does to files, services and models: up to ${most} times${given}. A task is given to the class once and to the adapter once; where they differ, to the class once more, to find what varies by itself. Nothing is recorded.`;
}

/** "ResearchAgent and ResearchAgentAdapter do the same for 3 tasks." */
export function paritySentence(report: ParityReport): string {
  const { name, adapter, tasks, same } = report;
  const given = tasks.length === 1 ? "the task" : `all ${tasks.length} tasks`;
  const notes = [...excuses(tasks), ...unseen(tasks)].map((note) => ` ${note}`).join("");
  if (same) return `${name} and ${adapter} do the same for ${given}.${notes}`;
  const differing = tasks.filter((task) => !task.same);
  const of = tasks.length === 1 ? "" : ` in ${differing.length} of ${tasks.length} tasks`;
  return `${name} and ${adapter} differ: ${parityCount(report)}${of}.${notes}`;
}

const realOf = ({ differences }: ParityResult) => differences.filter(({ excuse }) => excuse === null);

function excuses(tasks: readonly ParityResult[]): string[] {
  const found = new Set(tasks.flatMap(({ differences }) => differences.map(({ excuse }) => excuse)));
  return [
    ...(found.has("varies by itself")
      ? ["What the class itself does differently each time does not count."]
      : []),
    ...(found.has("rolled back")
      ? ["The adapter took back what a failed execution changed, as adapters do."]
      : []),
  ];
}

function unseen(tasks: readonly ParityResult[]): string[] {
  const names = [...new Set(tasks.flatMap(({ legacy }) => legacy.unseen))];
  return names.length === 0 ? [] : [`Not seen: ${names.join(", ")}.`];
}

/** "differs  {"question":"tea"}" */
export function parityHead({ task, args, same }: ParityResult): string {
  const made = args.length === 0 ? "" : `, made with ${short(args)}`;
  return `${same ? "same   " : "differs"}  ${short(task)}${made}`;
}

/** One task as a table: how both ended, then each difference. */
export function parityRows(
  { name, adapter }: Pick<ParityReport, "name" | "adapter">,
  { legacy, adapter: wrapped, differences }: ParityResult,
): string[][] {
  return [
    ["", name, adapter],
    ["ended", endOf(legacy), endOf(wrapped)],
    ...differences.map((difference) => [
      difference.path,
      "legacy" in difference ? short(difference.legacy) : "(nothing)",
      ("adapter" in difference ? short(difference.adapter) : "(nothing)") +
        (difference.excuse === null ? "" : `  (${difference.excuse})`),
    ]),
  ];
}

/** "returned 42", "threw TypeError: no luck" */
function endOf({ end, value, error }: ParitySide): string {
  if (end === "returned") return `returned ${short(value)}`;
  const { $class, message } = (error ?? {}) as { $class?: unknown; message?: unknown };
  if (typeof $class !== "string" || typeof message !== "string") return `${end} ${short(error)}`;
  return `${end}: ${cut(`${$class}: ${message}`)}`;
}

const short = (value: unknown): string => cut(JSON.stringify(value));
const cut = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

/** The report as a Markdown document. */
export function parityMarkdown(report: ParityReport): string {
  const tasks = report.tasks.flatMap((result, index) => {
    const [names = "", ...rows] = parityRows(report, result).map(
      (cells) => `| ${cells.map(escaped).join(" | ")} |`,
    );
    const head = `## ${index + 1}. ${parityHead(result).replace(/ +/, ": ")}`;
    return [head, "", names, "| --- | --- | --- |", ...rows, ""];
  });
  return [`# ${report.name} and ${report.adapter}`, "", paritySentence(report), "", ...tasks].join("\n");
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");
