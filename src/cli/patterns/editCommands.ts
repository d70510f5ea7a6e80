import { Option, type Command } from "commander";
import type { GroupPreview, RegroupPreview } from "../../model/patterns.ts";
import { UserError } from "../../model/userError.ts";
import { regroupPreview } from "../../patterns/preview.ts";
import { edited } from "../../runtime/patterns/edit.ts";
import { PatternEdit, type SplitBy } from "../../runtime/patterns/patternEdit.ts";
import type { Output } from "../output.ts";
import { printable } from "../printable.ts";
import { table } from "../table.ts";
import { workspaceOption } from "../workspace.ts";
import { SIGNATURE, signatureFor, withStore } from "./openStore.ts";

interface Options {
  agent?: string;
  message?: string;
  until?: string;
  dryRun?: true;
  json?: true;
  workspace?: string;
}

const DRY_RUN = ["--dry-run", "show what becomes of the history, and change nothing"] as const;

/** `patterns merge | unmerge | split | unsplit | mute | unmute | rename` */
export function addEditCommands(patterns: Command, output: Output, done: (exitCode: number) => void): void {
  const act = (options: Options, edit: (find: (text: string) => string) => unknown) =>
    done(editPatterns(options, edit, output));
  const command = (name: string, description: string) =>
    patterns
      .command(name)
      .description(description)
      .argument("<signature>", SIGNATURE)
      .option("--json", 'one {"type":"preview","data":{title, before, after, notes}}')
      .option(...workspaceOption());
  command("merge", "count a pattern with another one from now on; patterns unmerge takes it back")
    .argument("<into>", SIGNATURE)
    .option(...DRY_RUN)
    .action((signature: string, into: string, options: Options) =>
      act(options, (find) => ({ kind: "merge", signature: find(signature), into: find(into) })),
    );
  command("unmerge", "count a pattern by itself again")
    .option(...DRY_RUN)
    .action((signature: string, options: Options) =>
      act(options, (find) => ({ kind: "unmerge", signature: find(signature) })),
    );
  command("split", "count some errors of a pattern apart; patterns unsplit takes it back")
    .addOption(new Option("--agent <name>", "those of this agent").conflicts("message"))
    .option("--message <text>", "those whose message contains this text")
    .option(...DRY_RUN)
    .action((signature: string, options: Options) =>
      act(options, (find) => ({ kind: "split", signature: find(signature), rule: ruleOf(options) })),
    );
  command("unsplit", "count what was split off with the pattern again")
    .argument("<part>", "the signature of what was split off")
    .option(...DRY_RUN)
    .action((signature: string, part: string, options: Options) =>
      act(options, (find) => ({ kind: "unsplit", signature: find(signature), into: find(part) })),
    );
  command("mute", "show and offer nothing of a pattern")
    .option("--until <time>", "until then (ISO 8601, such as 2026-12-01T00:00:00Z); without it, for good")
    .action((signature: string, options: Options) =>
      act(options, (find) => ({ kind: "mute", signature: find(signature), muted: options.until ?? true })),
    );
  command("unmute", "show a muted pattern again").action((signature: string, options: Options) =>
    act(options, (find) => ({ kind: "mute", signature: find(signature), muted: false })),
  );
  command("rename", "give a pattern a name, or take it")
    .argument("[title]")
    .action((signature: string, title: string | undefined, options: Options) =>
      act(options, (find) => ({ kind: "rename", signature: find(signature), title: title ?? null })),
    );
}

function ruleOf({ agent, message }: Options): SplitBy {
  if (agent !== undefined) return { by: "agent", agent };
  if (message !== undefined) return { by: "message", contains: message };
  throw new UserError("Say which errors count apart: --agent NAME or --message TEXT.");
}

function editPatterns(
  { dryRun, json, workspace }: Options,
  make: (find: (text: string) => string) => unknown,
  output: Output,
): number {
  return withStore(workspace, output, (store) => {
    const now = new Date();
    const known = store.patterns();
    const edit = parsed(make((text) => signatureFor(known, text)));
    const preview = regroupPreview(known, edit, now);
    if (!dryRun) store.edit((patterns) => edited(patterns, edit, now));
    tell(preview, json, output);
    if (!dryRun) output.note("Done.");
    return 0;
  });
}

function parsed(edit: unknown): PatternEdit {
  const result = PatternEdit.safeParse(edit);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(`${issue?.path.join(".") ?? "That"} cannot be used: ${issue?.message ?? ""}.`);
}

function tell(preview: RegroupPreview, json: true | undefined, output: Output): void {
  if (json) {
    output.json({ type: "preview", data: preview });
    return;
  }
  output.line(printable(preview.title));
  const cells = (name: string, groups: GroupPreview[]) =>
    groups.map(({ signature, message, occurrences }) => [name, signature, `${occurrences}×`, message]);
  for (const line of table([...cells("before", preview.before), ...cells("after", preview.after)]))
    output.line(line);
  for (const note of preview.notes) output.note(note);
}
