import { stat } from "node:fs/promises";
import type { RunEvent } from "../../model/runRecord.ts";
import { ToolCounts, type ToolCalls } from "../../model/toolCalls.ts";
import { readEnds, runIds } from "../history/listRuns.ts";
import { recordFile } from "../recordPlace.ts";

/** How often an agent called its tools, as far as its runs are recorded. */
export interface ToolUse {
  agent: { file_path: string; name: string };
  tools: ToolCalls[];
}

interface Known {
  /** Of the record; null where the run has ended and nothing comes any more. */
  stamp: string | null;
  use: ToolUse | null;
}

const mostRuns = 2_000;
const atOnce = 32;

/** The use of tools by the newest runs of workspace folders; a record is read again only while it grows. */
export class ToolUses {
  readonly #known = new Map<string, Known>();

  async of(root: string): Promise<ToolUse[]> {
    const ids = (await runIds(root)).slice(0, mostRuns).reverse();
    const uses: (ToolUse | null)[] = [];
    for (let from = 0; from < ids.length; from += atOnce) {
      const portion = ids.slice(from, from + atOnce);
      uses.push(...(await Promise.all(portion.map((id) => this.#read(root, id)))));
    }
    return summed(uses.filter((use) => use !== null));
  }

  async #read(root: string, id: string): Promise<ToolUse | null> {
    const file = recordFile(root, id);
    const known = this.#known.get(file);
    if (known?.stamp === null) return known.use;
    const found = await stat(file).catch(() => null);
    if (found === null) return null;
    const stamp = `${found.mtimeMs} ${found.size}`;
    if (known?.stamp === stamp) return known.use;
    const events = await readEnds(root, id).catch(() => []);
    const ended = events.some(({ type }) => type === "finished");
    const use = useIn(events);
    this.#known.set(file, { stamp: ended ? null : stamp, use });
    return use;
  }
}

/** What the events of a run tell of tools; null where it called none. */
export function useIn(events: readonly RunEvent[]): ToolUse | null {
  const [queued] = events;
  if (queued?.type !== "queued") return null;
  const end = events.find((event) => event.type === "finished");
  const counts = new ToolCounts();
  if (end?.tools !== undefined) for (const calls of end.tools) counts.merge(calls);
  else for (const event of events) if (event.type === "tool") counts.add(event);
  return counts.list.length === 0 ? null : { agent: queued.agent, tools: counts.list };
}

/** By agent; the runs stand in the order in which they were started. */
export function summed(uses: readonly ToolUse[]): ToolUse[] {
  const byAgent = new Map<string, { agent: ToolUse["agent"]; counts: ToolCounts }>();
  for (const { agent, tools } of uses) {
    const key = `${agent.file_path}#${agent.name}`;
    const known = byAgent.get(key) ?? { agent, counts: new ToolCounts() };
    byAgent.set(key, known);
    for (const calls of tools) known.counts.merge(calls);
  }
  return [...byAgent.values()].map(({ agent, counts }) => ({ agent, tools: counts.list }));
}
