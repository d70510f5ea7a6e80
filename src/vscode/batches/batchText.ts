import type { BatchFigures } from "../../model/batch.ts";
import { counted } from "../../model/counted.ts";
import { displayName } from "../../model/displayName.ts";
import type { RunState } from "../../model/runSummary.ts";
import { usageText } from "../../model/usage.ts";
import { doneOf, endingsText } from "../../runs/batch/sentences.ts";
import { clock, duration, type Surroundings } from "../runs/rowText.ts";
import {
  counting,
  elapsedOf,
  figuresOfGroup,
  isAtWork,
  unfinished,
  unsuccessful,
  type BatchGroup,
} from "./batchGroup.ts";

export interface BatchText {
  label: string;
  description: string;
  /** A line each. */
  tooltip: string[];
  /** Words for the `when` clauses of menus. */
  context: string;
  /** What the icon says. */
  state: RunState;
}

export function batchText(group: BatchGroup, { now, folders }: Surroundings): BatchText {
  const figures = figuresOfGroup(group);
  const active = isAtWork(group);
  const label = batchLabel(group);
  const ofPipeline = stepsOf(group).length > 0;
  const state = stateOf(group, figures);
  const words = active ? progressWords(group, figures) : [endingsText(figures)];
  const [first] = group.rows;
  const time = active ? "" : clock(first?.summary.queuedAt ?? "", now);
  const others = active && !group.rows.some(({ mine }) => mine) ? "in another window" : "";
  const where = folders ? foldersOf(group).join(" and ") : "";
  const said = [where, ...words, usageText(figures.usage), duration(elapsedOf(group, now)), time, others];
  return {
    label,
    description: said.filter(Boolean).join(" · "),
    tooltip: [
      label,
      ...agentsOf(group),
      endingsText(figures) === "" ? "" : `Ended: ${endingsText(figures)}`,
      usageText(figures.usage),
      `Batch ${group.id}`,
    ].filter(Boolean),
    // What can be done with steps is done with their pipeline, which has a row of its own.
    context: ofPipeline ? "steps" : contextOf(group, active),
    state,
  };
}

function contextOf(group: BatchGroup, active: boolean): string {
  const goesOn = active ? [] : unfinished(group);
  return [
    "batch",
    active ? "active" : "ended",
    unsuccessful(group).length > 0 && !active ? "unsuccessful" : "",
    goesOn.some(({ summary }) => summary.state === "interrupted") ? "interrupted" : "",
    goesOn.length > 0 ? "resumable" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "3 steps: research, report, note" for those of a pipeline, else as `labelOf`. */
export function batchLabel(group: BatchGroup): string {
  const total = counting(group).length;
  const steps = stepsOf(group);
  return steps.length > 0
    ? `${counted(total, "step")}: ${steps.join(", ")}`
    : labelOf(total, agentsOf(group));
}

const stepsOf = (group: BatchGroup): string[] =>
  counting(group).flatMap(({ summary: { step } }) => step ?? []);

/** "12 tasks for EchoAgent" */
export function labelOf(total: number, agents: readonly string[]): string {
  const [first = "", ...others] = new Set(agents);
  const rest = others.length > 1 ? [`${others.length} others`] : others;
  return `${counted(total, "task")} for ${[first, ...rest].join(" and ")}`;
}

const agentsOf = ({ rows }: BatchGroup): string[] => [
  ...new Set(rows.map(({ summary }) => displayName(summary.agent.name))),
];

/** The names of the workspace folders that its runs are recorded in. */
const foldersOf = ({ rows }: BatchGroup): string[] => [...new Set(rows.map(({ folder }) => folder.name))];

function progressWords(group: BatchGroup, figures: BatchFigures): string[] {
  const { total, queued, running, failed, interrupted } = figures;
  const waiting = group.rows.filter(({ summary }) => summary.state === "waiting").length;
  const bad = failed + interrupted;
  return [
    `${doneOf(figures)} of ${total} done`,
    bad > 0 ? `${bad} failed` : "",
    running > waiting || waiting === 0 ? `${running - waiting} running` : "",
    waiting > 0 ? `${waiting} waiting for an answer` : "",
    queued > 0 ? `${queued} queued` : "",
  ];
}

function stateOf(
  group: BatchGroup,
  { running, queued, failed, interrupted, cancelled }: BatchFigures,
): RunState {
  if (running > 0)
    return group.rows.some(({ summary }) => summary.state === "waiting") ? "waiting" : "running";
  if (queued > 0) return "queued";
  if (failed > 0) return "failed";
  if (interrupted > 0) return "interrupted";
  return cancelled > 0 ? "cancelled" : "success";
}
