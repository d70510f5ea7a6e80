import { counted } from "../../model/counted.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { OpenedCheckpoints } from "./opened.ts";

export interface DiffOptions {
  json?: true;
  workspace?: string;
}

const signs = { added: "+", removed: "-", changed: "~" } as const;

/** What differs between two checkpoints. Answers with 1 where something does. */
export function diffCommand(a: string, b: string, { json, workspace }: DiffOptions, output: Output): number {
  const opened = new OpenedCheckpoints(workspace);
  const { differences, added, removed, changed, truncated, ...sides } = opened.service.compare(
    opened.find(a),
    opened.find(b),
  );
  if (json) {
    for (const difference of differences) output.json({ type: "difference", data: difference });
    const ids = { a: sides.a.id, b: sides.b?.id };
    output.json({ type: "summary", data: { ...ids, added, removed, changed, truncated } });
  } else {
    const rows = differences.map(({ kind, path, before, after }) => [
      `${signs[kind]} ${path}`,
      [before, after].filter((text) => text !== null).join("  →  "),
    ]);
    for (const line of table(rows)) output.line(line);
  }
  const all = added + removed + changed;
  output.note(
    all === 0
      ? "Nothing differs."
      : `${counted(all, "difference")}: ${added} added, ${removed} removed, ${changed} changed${truncated ? "; not all are listed" : ""}.`,
  );
  return all === 0 ? 0 : 1;
}
