import type { BatchTable, BatchTableRow } from "../../model/batchTable.ts";
import { displayName } from "../../model/displayName.ts";
import { usageText } from "../../model/usage.ts";
import { endingsText, progressText } from "../../runs/batch/sentences.ts";
import { isActive, type RunRow } from "../runs/row.ts";
import { duration, type Surroundings } from "../runs/rowText.ts";
import {
  counting,
  elapsedOf,
  figuresOfGroup,
  isAtWork,
  unsuccessful,
  type BatchGroup,
} from "./batchGroup.ts";
import { batchLabel } from "./batchText.ts";
import type { RunText } from "./runTexts.ts";

/** @param texts of the rows of the batch that count, in their order */
export function tableOf(group: BatchGroup, texts: readonly RunText[], around: Surroundings): BatchTable {
  const figures = figuresOfGroup(group);
  const atWork = isAtWork(group);
  const said = [
    atWork ? progressText(figures) : "",
    endingsText(figures),
    usageText(figures.usage),
    duration(elapsedOf(group, around.now)),
  ];
  return {
    id: group.id,
    label: batchLabel(group),
    summary: said.filter(Boolean).join(" · "),
    atWork,
    unsuccessful: !atWork && unsuccessful(group).length > 0,
    rows: counting(group).map((row, at) => rowOf(row, at + 1, texts[at], around)),
  };
}

function rowOf(
  row: RunRow,
  place: number,
  text: RunText | undefined,
  { now, folders }: Surroundings,
): BatchTableRow {
  const { runId, agent, state, attempts, durationMs, queuedAt, usage, error, question } = row.summary;
  const failure = error === null ? null : `${error.name}: ${error.message}`;
  const asks = question === null ? null : `asks: ${question.question.message}`;
  return {
    ...{ folder: row.folder.uri, runId, place, agent: displayName(agent.name), file_path: agent.file_path },
    folderName: folders ? row.folder.name : null,
    ...{ state, attempts, usage, task: text?.task ?? null },
    durationMs: attempts === 0 ? null : isActive(row) ? now - Date.parse(queuedAt) : durationMs,
    result: asks ?? failure ?? text?.output ?? null,
  };
}
