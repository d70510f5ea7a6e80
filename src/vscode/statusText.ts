import { agentCount } from "../model/agentCount.ts";
import { progressText } from "../model/progressText.ts";
import type { IndexState } from "./contributions.ts";

export interface Counted {
  state: IndexState;
  agents: number;
  /** Of all folders together. */
  progress: { done: number; total: number } | null;
  /** The sentence of a folder that could not be indexed. */
  failure: string | null;
}

export interface StatusText {
  /** With VS Code's icons. */
  text: string;
  /** For screen readers and the tooltip. */
  label: string;
}

/** What the status bar says of the index; null before anybody asked for agents. */
export function statusText({ state, agents, progress, failure }: Counted): StatusText | null {
  const count = agentCount(agents);
  switch (state) {
    case "idle":
      return null;
    case "indexing": {
      const percent =
        progress === null || progress.total === 0
          ? ""
          : ` ${Math.floor((100 * progress.done) / progress.total)} %`;
      return {
        text: `$(loading~spin) Agents${percent}`,
        label: `Looking for agents${progress === null ? "" : `: ${progressText(progress)}`}`,
      };
    }
    case "ready":
      return { text: `$(robot) ${count}`, label: `${count} in this workspace` };
    case "stopped":
      return { text: "$(circle-slash) Agents", label: "Looking for agents was stopped" };
    case "failed":
      return {
        text: "$(error) Agents",
        label: `Looking for agents failed: ${failure ?? "the log says why"}`,
      };
  }
}
