import { stepsOf, type PipelineNode, type Step } from "../../model/pipeline.ts";

/** "stops": it has ended so that nothing further begins. */
export type StepState = "unbegun" | "atWork" | "ended" | "stops";

export interface StepsInTurn {
  /** Those whose turn has come. */
  begin: Step[];
  /** Nothing is at work, and nothing further begins. */
  isOver: boolean;
}

/** What of a pipeline begins now. */
export function stepsInTurn(nodes: readonly PipelineNode[], stateOf: (step: Step) => StepState): StepsInTurn {
  const states = stepsOf(nodes).map(stateOf);
  const isStill = !states.includes("atWork");
  if (states.includes("stops")) return { begin: [], isOver: isStill };
  const begin: Step[] = [];
  /** Answers whether it has ended. */
  const visit = (node: PipelineNode): boolean => {
    if ("parallel" in node) return node.parallel.map(visit).every(Boolean);
    if ("sequence" in node) return node.sequence.every(visit);
    const state = stateOf(node);
    if (state === "unbegun") begin.push(node);
    return state === "ended";
  };
  return { isOver: nodes.every(visit), begin };
}

/** So many of its steps may be at work at a time. */
export function mostAtOnce(nodes: readonly PipelineNode[]): number {
  const each = nodes.map((node) => {
    if ("parallel" in node) return node.parallel.reduce((sum, inner) => sum + mostAtOnce([inner]), 0);
    return "sequence" in node ? mostAtOnce(node.sequence) : 1;
  });
  return Math.max(0, ...each);
}
