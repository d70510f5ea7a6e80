import { parseAgentRef } from "../../model/agentRef.ts";
import {
  inputKey,
  isPipelineFile,
  stepsOf,
  type Path,
  type Pipeline,
  type PipelineNode,
  type Step,
} from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";
import { asReference, replaced, segmentsOf } from "./references.ts";

/** What is wrong with a pipeline, and where. */
export interface Misfit {
  path: Path;
  /** Continues "steps[1].task: …". */
  message: string;
}

/** What its schema cannot tell: ids that are there twice, and results that are not there in time. */
export function misfitsOf({ steps }: Pipeline): Misfit[] {
  const misfits: Misfit[] = [];
  const ids = stepsOf(steps).map(({ id }) => id);
  const seen = new Set<string>();
  const visitStep = (step: Step, path: Path, before: readonly string[]): void => {
    if (seen.has(step.id))
      misfits.push({ path: [...path, "id"], message: `another step is called "${step.id}", too` });
    seen.add(step.id);
    if (isPipelineFile(parseAgentRef(step.agent).file))
      misfits.push({ path: [...path, "agent"], message: "a pipeline is no step of another one" });
    for (const part of ["task", "args"] as const)
      misfits.push(...untimely(step[part], [...path, part], before, ids));
  };
  /** @param before the steps that have ended when the node begins */
  const visit = (node: PipelineNode, path: Path, before: readonly string[]): void => {
    if ("parallel" in node) {
      for (const [index, inner] of node.parallel.entries())
        visit(inner, [...path, "parallel", index], before);
    } else if ("sequence" in node) visitList(node.sequence, [...path, "sequence"], before);
    else visitStep(node, path, before);
  };
  const visitList = (list: readonly PipelineNode[], path: Path, before: readonly string[]): void => {
    for (const [index, node] of list.entries()) {
      const ended = stepsOf(list.slice(0, index)).map(({ id }) => id);
      visit(node, [...path, index], [...before, ...ended]);
    }
  };
  visitList(steps, ["steps"], [inputKey]);
  return misfits;
}

function untimely(value: unknown, place: Path, before: readonly string[], ids: readonly string[]): Misfit[] {
  const misfits: Misfit[] = [];
  replaced(value, (part, path) => {
    const message = problemOf(part, before, ids);
    if (message !== null) misfits.push({ path: [...place, ...path], message });
    return message === null ? null : { by: null };
  });
  return misfits;
}

function problemOf(part: unknown, before: readonly string[], ids: readonly string[]): string | null {
  try {
    const [step] = segmentsOf(asReference(part)?.pointer ?? `/${inputKey}`);
    if (step === undefined || before.includes(step)) return null;
    return ids.includes(step)
      ? `the step "${step}" has not ended when this one begins: only steps before it give results`
      : `there is no step "${step}"`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
