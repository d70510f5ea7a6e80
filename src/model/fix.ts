import * as z from "zod";
import { inSentence } from "./codeText.ts";

const longestCode = 16 * 1024;
const longestDelayMs = 60 * 60 * 1000;
const mostDepth = 64;
const mostValues = 10_000;

/** Why something may not be merged into a task; null where it may. Anything is bounded, also what nests without end. */
export function patchProblem(patch: unknown): string | null {
  const waiting = [{ value: patch, depth: 0 }];
  for (let seen = 0; waiting.length > 0; seen += 1) {
    const { value, depth } = waiting.pop() as { value: unknown; depth: number };
    if (seen >= mostValues) return `it has more than ${mostValues} values`;
    if (typeof value !== "object" || value === null) continue;
    if (depth >= mostDepth) return `it nests deeper than ${mostDepth}`;
    // Whoever copies the task key by key would change what its objects inherit.
    if (Object.hasOwn(value, "__proto__")) return 'it has the key "__proto__"';
    for (const item of Object.values(value)) waiting.push({ value: item, depth: depth + 1 });
  }
  return null;
}

const Merge = z.unknown().superRefine((patch, context) => {
  const problem = patchProblem(patch);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
});

/** JSON Merge Patches (RFC 7396): fields take the place of those of the same name, and null removes one. */
export const Patch = z
  .strictObject({ task: Merge.optional(), context: Merge.optional() })
  .refine(({ task, context }) => task !== undefined || context !== undefined, {
    message: "it changes neither task nor context",
  });
export type Patch = z.infer<typeof Patch>;

const toolName = z.string().min(1).max(200);

/** What a solution does to a run that failed, before that runs again. Each can be taken back. */
export const FixAction = z.discriminatedUnion("type", [
  /** Waits first. */
  z.strictObject({ type: z.literal("retryLater"), delayMs: z.int().min(0).max(longestDelayMs) }),
  z
    .strictObject({
      type: z.literal("longerTimeout"),
      /** As many times the limit of the run. */
      factor: z.number().gt(1).max(100).optional(),
      ms: z.int().min(1).optional(),
    })
    .refine(({ factor, ms }) => (factor === undefined) !== (ms === undefined), {
      message: "it gives either factor or ms",
    }),
  /** Of the batch of the run, else of all runs beside it. */
  z.strictObject({ type: z.literal("lowerConcurrency"), concurrency: z.int().min(1).max(1000) }),
  /** The context is the agent's own state. */
  z
    .strictObject({ type: z.literal("patch"), task: Merge.optional(), context: Merge.optional() })
    .refine((patch) => patch.task !== undefined || patch.context !== undefined, {
      message: "it changes neither task nor context",
    }),
  /** A new instance that knows of no checkpoint. */
  z.strictObject({ type: z.literal("reinitialise") }),
  z.strictObject({
    type: z.literal("restoreCheckpoint"),
    /** Default: the newest one that the run saved on its way. */
    label: z.string().min(1).max(200).optional(),
  }),
  z
    .strictObject({ type: z.literal("switchTool"), from: toolName, to: toolName })
    .refine(({ from, to }) => from !== to, { message: "from and to are the same tool" }),
  /** The body of a JavaScript function that gets task and context and returns a `Patch`; run in the sandbox alone. */
  z.strictObject({ type: z.literal("code"), code: z.string().min(1).max(longestCode) }),
]);
export type FixAction = z.infer<typeof FixAction>;

/** The action of a solution, or why it has none that can be used. */
export function actionOf(action: unknown): { action: FixAction } | { problem: string } {
  const parsed = FixAction.safeParse(action);
  if (parsed.success) return { action: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  return { problem: `${path === "" ? "" : `${path}: `}${issue?.message ?? "it is no action"}` };
}

/** What was changed of a run: where neither `before` nor `after` is there, there was or is nothing. */
export const Change = z.object({
  of: z.enum(["task", "context", "timeoutMs", "checkpoint", "tools", "thread", "concurrency"]),
  /** Keys, from the outside in. */
  path: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type Change = z.infer<typeof Change>;

/** A solution by its pattern and its words. */
export const SolutionRef = z.object({ signature: z.string(), fix: z.string() });
export type SolutionRef = z.infer<typeof SolutionRef>;

/** A known solution for an error. */
export interface KnownFix extends SolutionRef {
  /** Null where it has none, or none that can be used: it is for people then. */
  action: FixAction | null;
  /** Why its action cannot be used. */
  problem: string | null;
  /** Proposed by the learner, and by nobody confirmed. */
  unconfirmed: boolean;
  /** It failed more often than it helped. */
  disproved: boolean;
  successes: number;
  failures: number;
}

/** A solution that a person chose for a run that failed. */
export interface ChosenFix extends SolutionRef {
  action: FixAction;
  /** The run that failed, and the signature of its error. */
  of: { runId: string; signature: string };
}

/** Such as "Known solution: give it more time (passed 3 of 4)". */
export function fixText({ fix, successes, failures }: KnownFix): string {
  const outcomes = successes + failures;
  const tried = outcomes === 0 ? "not tried yet" : `passed ${successes} of ${outcomes}`;
  return `${inSentence(fix)} (${tried})`;
}

/** What an action does, in words. */
export function actionText(action: FixAction): string {
  switch (action.type) {
    case "retryLater":
      return `run again after ${action.delayMs} ms`;
    case "longerTimeout":
      return action.ms === undefined
        ? `run again with ${action.factor ?? 1} times the time limit`
        : `run again with a time limit of ${action.ms} ms`;
    case "lowerConcurrency":
      return `run again with at most ${action.concurrency} at a time`;
    case "patch": {
      const what = [action.task !== undefined && "task", action.context !== undefined && "context"];
      return `run again with another ${what.filter(Boolean).join(" and ")}`;
    }
    case "reinitialise":
      return "run again with a new instance";
    case "restoreCheckpoint":
      return `run again from ${action.label === undefined ? "the last checkpoint" : `checkpoint ${action.label}`}`;
    case "switchTool":
      return `run again with tool ${action.to} in place of ${action.from}`;
    case "code":
      return "run again with what its code changes";
  }
}
