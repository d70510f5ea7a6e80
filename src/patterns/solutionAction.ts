import { codeProblem, withEscapes } from "../model/codeText.ts";
import { actionOf, actionText, type FixAction } from "../model/fix.ts";
import type { ShownAction } from "../model/patterns.ts";

const mostText = 20_000;

/** What auto-fix would do with a solution, for people to judge; null where it has no action. */
export function shownAction(action: unknown): ShownAction | null {
  if (action === undefined || action === null) return null;
  const read = actionOf(action);
  if ("problem" in read)
    return { words: null, text: null, problem: `its action cannot be used: ${read.problem}` };
  const problem = read.action.type === "code" ? codeProblem(read.action.code) : null;
  return {
    words: actionText(read.action),
    text: textOf(read.action),
    problem: problem === null ? null : `its code is not run: ${problem}`,
  };
}

/** Null where the words say all. */
function textOf(action: FixAction): string | null {
  if (action.type === "code") return action.code;
  if (action.type !== "patch") return null;
  const { task, context } = action;
  const text = withEscapes(JSON.stringify({ task, context }, null, 2));
  return text.length > mostText ? `${text.slice(0, mostText)}… (cut off)` : text;
}
