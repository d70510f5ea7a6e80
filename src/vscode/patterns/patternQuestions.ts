import * as vscode from "vscode";
import type { PatternRow } from "../../model/patterns.ts";
import type { SplitBy } from "../../runtime/patterns/patternEdit.ts";

const hourMs = 3600 * 1000;

/** A pattern in words, short enough for a list. */
export const nameOf = ({ title, type, message }: PatternRow): string =>
  (title ?? `${type}: ${message}`).replace(/\s+/g, " ").slice(0, 120);

/** Asks which of other patterns. */
export async function askMergeTarget(
  row: PatternRow,
  others: readonly PatternRow[],
): Promise<PatternRow | null> {
  const picked = await vscode.window.showQuickPick(
    others.map((other) => ({
      label: nameOf(other),
      description: `${other.occurrences}×`,
      ...(other.title === null ? {} : { detail: other.message }),
      row: other,
    })),
    {
      title: `Merge "${nameOf(row)}" into…`,
      placeHolder: "The pattern that both count to",
      matchOnDetail: true,
    },
  );
  return picked?.row ?? null;
}

/** Asks which errors of a pattern count apart. */
export async function askSplit(row: PatternRow): Promise<SplitBy | null> {
  const byText = "Errors whose message contains…";
  const picked = await vscode.window.showQuickPick(
    [...row.agents.map((agent) => ({ label: `Errors of ${agent}`, agent })), { label: byText, agent: null }],
    { title: `Split "${nameOf(row)}"`, placeHolder: "Which errors count apart" },
  );
  if (picked === undefined) return null;
  if (picked.agent !== null) return { by: "agent", agent: picked.agent };
  const contains = await vscode.window.showInputBox({
    title: byText,
    prompt: "Errors whose message contains this text count apart.",
    validateInput: (text) => (text.trim() === "" ? "Give a text." : undefined),
  });
  return contains === undefined ? null : { by: "message", contains: contains.trim() };
}

/** Asks for how long; null where there is no answer. */
export async function askMuted(row: PatternRow, now: number): Promise<boolean | string | null> {
  const until = (ms: number) => new Date(now + ms).toISOString();
  const picked = await vscode.window.showQuickPick(
    [
      ...(row.muted === false ? [] : [{ label: "Not any more", muted: false as boolean | string }]),
      { label: "For an hour", muted: until(hourMs) },
      { label: "For a day", muted: until(24 * hourMs) },
      { label: "For a week", muted: until(7 * 24 * hourMs) },
      { label: "For good", muted: true },
    ],
    { title: `Mute "${nameOf(row)}"`, placeHolder: "It is not listed meanwhile, and offers nothing" },
  );
  return picked === undefined ? null : picked.muted;
}

/** Asks for a name; null takes it away, undefined is no answer. */
export async function askTitle(row: PatternRow): Promise<string | null | undefined> {
  const title = await vscode.window.showInputBox({
    title: "Rename Pattern",
    prompt: "Empty shows the message again.",
    value: row.title ?? "",
    validateInput: (text) => (text.length > 200 ? "At most 200 characters." : undefined),
  });
  return title === undefined ? undefined : title.trim() === "" ? null : title.trim();
}
