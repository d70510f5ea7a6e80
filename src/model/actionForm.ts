import type { FixAction } from "./fix.ts";

/** What a person fills in of an action. */
export interface ActionField {
  key: string;
  label: string;
  kind: "number" | "text" | "json" | "code";
  optional?: true;
  /** What is written stands for so many of the file's units. */
  scale?: number;
}

interface ActionForm {
  label: string;
  fields: readonly ActionField[];
}

/** The actions of auto-fix as forms. */
export const actionForms: Record<FixAction["type"], ActionForm> = {
  retryLater: {
    label: "Run again later",
    fields: [{ key: "delayMs", label: "Seconds to wait first", kind: "number", scale: 1000 }],
  },
  longerTimeout: {
    label: "Run again with a longer time limit",
    fields: [
      { key: "factor", label: "Times the limit", kind: "number", optional: true },
      { key: "ms", label: "Or seconds in all", kind: "number", optional: true, scale: 1000 },
    ],
  },
  lowerConcurrency: {
    label: "Run again with fewer at a time",
    fields: [{ key: "concurrency", label: "At most so many at a time", kind: "number" }],
  },
  patch: {
    label: "Run again with another task or state",
    fields: [
      {
        key: "task",
        label: "Fields of the task, as JSON; null takes one away",
        kind: "json",
        optional: true,
      },
      { key: "context", label: "Fields of the agent's state, as JSON", kind: "json", optional: true },
    ],
  },
  reinitialise: { label: "Run again with a new instance", fields: [] },
  restoreCheckpoint: {
    label: "Run again from a checkpoint",
    fields: [
      {
        key: "label",
        label: "Its label (the last one that was saved, if empty)",
        kind: "text",
        optional: true,
      },
    ],
  },
  switchTool: {
    label: "Run again with another tool",
    fields: [
      { key: "from", label: "In place of the tool", kind: "text" },
      { key: "to", label: "Call the tool", kind: "text" },
    ],
  },
  code: {
    label: "Run again with what code changes",
    fields: [
      {
        key: "code",
        label:
          "The body of a function (task, context) that returns { task, context } to merge; run in a sandbox once you approve it",
        kind: "code",
      },
    ],
  },
};

/** What stands in the fields, by their keys. */
export type ActionTexts = Record<string, string>;

const formOf = (type: unknown): ActionForm | undefined =>
  typeof type === "string" && Object.hasOwn(actionForms, type)
    ? actionForms[type as FixAction["type"]]
    : undefined;

/** An action of a file as texts of its form; the type "" for none, and for one that has no form. */
export function textsOf(action: unknown): { type: string; texts: ActionTexts } {
  const given = Object(action) as Record<string, unknown>;
  const form = formOf(given.type);
  if (form === undefined) return { type: "", texts: {} };
  const texts = form.fields.map(({ key, kind, scale = 1 }): [string, string] => {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (value === undefined) return [key, ""];
    if (kind === "json") return [key, JSON.stringify(value, null, 2)];
    return [key, typeof value === "number" ? String(value / scale) : typeof value === "string" ? value : ""];
  });
  return { type: String(given.type), texts: Object.fromEntries(texts) };
}

/** The action that a form describes, or why it describes none. */
export function actionFrom(
  type: string,
  texts: ActionTexts,
): { action: Record<string, unknown> | null } | { problem: string } {
  const form = formOf(type);
  if (form === undefined) return { action: null };
  const action: Record<string, unknown> = { type };
  for (const { key, label, kind, optional, scale = 1 } of form.fields) {
    const text = (texts[key] ?? "").trim();
    if (text === "" && optional) continue;
    if (text === "") return { problem: `"${label}" is empty.` };
    const value = valueOf(text, kind, scale);
    if (value === undefined)
      return { problem: `"${label}" ${kind === "json" ? "is no JSON" : "takes a number above 0"}.` };
    action[key] = value;
  }
  if (type === "longerTimeout" && (action.factor === undefined) === (action.ms === undefined))
    return { problem: "Give either how many times the limit, or the seconds." };
  if (type === "patch" && action.task === undefined && action.context === undefined)
    return { problem: "Say what changes of the task or the state." };
  return { action };
}

function valueOf(text: string, kind: ActionField["kind"], scale: number): unknown {
  if (kind === "number") {
    const value = Number(text);
    return Number.isFinite(value) && value > 0
      ? scale === 1
        ? value
        : Math.round(value * scale)
      : undefined;
  }
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
