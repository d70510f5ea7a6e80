import type { PatternGroup } from "../runtime/patterns/groups.ts";
import { splitsOf } from "../runtime/patterns/grouping.ts";
import type { ErrorPattern } from "../runtime/index.ts";
import { messageOf } from "./rows.ts";
import { piecesOf } from "./template.ts";

/** Why errors count to a group, in plain sentences. */
export function whyGrouped({ pattern, members }: PatternGroup): string[] {
  const sentences = [
    ...(typeof pattern.algorithm === "number"
      ? ownGrouping(pattern)
      : [
          "Another program wrote this pattern: errors count to it where their message matches its regular expression.",
        ]),
  ];
  for (const member of members.slice(1))
    sentences.push(`${member.error_type} "${short(messageOf(member))}" was merged into it by hand.`);
  for (const rule of members.flatMap(splitsOf))
    sentences.push(
      rule.by === "agent"
        ? `Errors of ${short(rule.agent)} count apart.`
        : `Errors whose message contains "${short(rule.contains)}" count apart.`,
    );
  if (typeof pattern.split_from === "string")
    sentences.push(`It was split off from ${short(pattern.split_from)}.`);
  return sentences;
}

function ownGrouping(pattern: ErrorPattern): string[] {
  const variable = piecesOf(messageOf(pattern)).filter((piece) => piece.variable);
  const frames = listOf(pattern.frames);
  const causes = listOf(pattern.causes);
  return [
    `All are ${pattern.error_type.slice(0, 100)}.`,
    variable.length === 0
      ? "Their messages are the same."
      : `Their messages are the same but for ${[...new Set(variable.map(({ text }) => text))].join(", ")}.`,
    frames.length === 0
      ? "No frame of the program's own code is in their stacks."
      : `They were thrown in ${frames.map(short).join(", called by ")}.`,
    ...causes.map((cause) => `They were caused by "${short(cause)}".`),
  ];
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
