import { join } from "node:path";
import type { Change, FixAction, Patch, SolutionRef } from "../../model/fix.ts";
import type { RunRequest } from "../../model/hostProtocol.ts";
import { FileCheckpointStore, type Checkpoint } from "../../runtime/index.ts";
import type { Slots } from "../startRequest.ts";
import { lower } from "./lowered.ts";
import { withChanges } from "./changeable.ts";
import { changed, changesOf } from "../../model/jsonPatch.ts";

const longestTimeoutMs = 24 * 60 * 60 * 1000;

/** A checkpoint of a run, in the order in which it saved them. */
export interface Saved {
  id: string;
  label: string | null;
}

/** What an action is applied to. */
export interface Failing {
  request: RunRequest;
  /** Those of the run. */
  saved: readonly Saved[];
  /** What the run takes its turns in. */
  slots: Slots | undefined;
  /** Answers with the patch that an approved text returns, or why there is none. */
  runCode: (
    solution: SolutionRef,
    code: string,
    input: { task: unknown; context: unknown },
  ) => Promise<Patch | string>;
}

/** How a run goes on with an action. */
export interface Plan {
  request: RunRequest;
  changes: Change[];
  /** Takes back what is not of the run alone. */
  undo: () => void;
}

/** What an action changes of a run that failed, or why it cannot be applied. */
export async function plan(
  action: FixAction,
  failing: Failing,
  solution: SolutionRef,
): Promise<Plan | string> {
  const { request } = failing;
  switch (action.type) {
    case "retryLater":
      return planned(request, []);
    case "longerTimeout": {
      const { timeoutMs: before } = request;
      if (before === null) return "the run has no time limit";
      const wanted = action.ms ?? Math.round(before * (action.factor ?? 1));
      const after = Math.min(wanted, longestTimeoutMs);
      if (after <= before) return `the run has ${before} ms already`;
      return planned(request, [{ of: "timeoutMs", path: [], before, after }]);
    }
    case "lowerConcurrency":
      return lowered(action.concurrency, failing);
    case "patch":
      return patched(action, failing);
    case "reinitialise":
      return planned(request, [
        ...checkpointChange(request, null),
        ...(request.together === undefined
          ? []
          : [{ of: "thread" as const, path: [], before: request.together }]),
      ]);
    case "restoreCheckpoint": {
      const found = checkpointToRestore(action.label, failing);
      return typeof found === "string" ? found : planned(request, checkpointChange(request, found.id));
    }
    case "switchTool": {
      const before = request.switchedTools?.[action.from];
      if (before === action.to) return `${action.to} is called already`;
      const change = { of: "tools" as const, path: [action.from], after: action.to };
      return planned(request, [before === undefined ? change : { ...change, before }]);
    }
    case "code": {
      const context = baseOf(failing)?.context;
      const input = { task: request.task, context: context ?? null };
      const patch = await failing.runCode(solution, action.code, input);
      return typeof patch === "string" ? patch : patched(patch, failing);
    }
  }
}

const planned = (request: RunRequest, changes: Change[]): Plan => ({
  request: withChanges(request, changes),
  changes,
  undo: () => undefined,
});

function lowered(concurrency: number, { request, slots }: Failing): Plan | string {
  if (slots === undefined) return "the run takes no turns with others";
  const before = slots.concurrency;
  const undo = lower(slots, concurrency);
  const after = slots.concurrency;
  return { ...planned(request, [{ of: "concurrency", path: [], before, after }]), undo };
}

/** The agent's state is changed in a checkpoint of its own, which the run goes on from. */
function patched(patch: Patch, failing: Failing): Plan | string {
  const { request } = failing;
  const task = patch.task === undefined ? [] : changesOf("task", request.task, patch.task);
  const base = patch.context === undefined ? null : baseOf(failing);
  if (patch.context !== undefined && base === null) return "the run has no checkpoint with the agent's state";
  const context = base === null ? [] : changesOf("context", base.context, patch.context);
  if (task.length + context.length === 0) return "it changes nothing";
  if (base === null || context.length === 0) return planned(request, task);
  const { agent, agentType, state, stateVersion, answers } = base;
  const { id } = storeOf(request).save({
    ...{ agent, agentType, state, label: "fix", context: changed(base.context, context) },
    ...{ task: changed(base.task, task), parentId: base.id, runId: request.runId },
    ...(stateVersion !== undefined && { stateVersion }),
    ...(answers !== undefined && { answers }),
  });
  return planned(request, [...task, ...context, ...checkpointChange(request, id)]);
}

function checkpointChange({ checkpoint }: RunRequest, id: string | null): Change[] {
  if (checkpoint === id) return [];
  return [
    {
      ...{ of: "checkpoint", path: [] },
      ...(checkpoint !== null && { before: checkpoint }),
      ...(id !== null && { after: id }),
    },
  ];
}

/** The state that the run begins with. */
function baseOf({ request, saved }: Failing): Checkpoint | null {
  const started = saved.findLast(({ label }) => label === "started");
  const id = request.checkpoint ?? started?.id;
  return id === undefined ? null : storeOf(request).load(id);
}

function checkpointToRestore(label: string | undefined, failing: Failing): { id: string } | string {
  const { saved, request } = failing;
  const store = storeOf(request);
  // What began the run or returned it there is no progress of it.
  const good = (each: Saved) =>
    label === undefined ? !["started", "rollback", "fix"].includes(each.label ?? "") : each.label === label;
  const own = saved.filter(good).findLast(({ id }) => store.load(id) !== null);
  if (own !== undefined) return own;
  if (label === undefined) return "the run saved no checkpoint on its way";
  const agent = baseOf(failing)?.agent;
  const other = agent === undefined ? undefined : store.list(agent).find((each) => each.label === label);
  return other ?? `there is no checkpoint "${label}"`;
}

const storeOf = ({ root }: RunRequest): FileCheckpointStore =>
  new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"), { onWarning: () => undefined });
